import JSON
import Testing
import Workflow

@testable import Sampling

struct ConditionTests {
    private static let parents = """
          - {name: c, column_type: sampler, sampler_type: category, params: {values: [n, s, w]}}
          - {name: i, column_type: sampler, sampler_type: bernoulli, params: {p: 0.5}}
          - {name: d, column_type: sampler, sampler_type: datetime, params: {start: "2020", end: "2022"}}
          - {name: p, column_type: sampler, sampler_type: person_from_faker, params: {}}

        """

    /// Draws a uuid column `a` whose prefix says which branch was taken, beside the parents.
    private func branches(_ conditions: [(String, String)]) throws -> [String: [JSONValue]] {
        let list = conditions.map { "\"\($0.0)\": {prefix: \($0.1)}" }.joined(separator: ", ")
        let column = """
              - name: a
                column_type: sampler
                sampler_type: uuid
                params: {prefix: default-}
                conditional_params: {\(list)}
            """
        return try sampled(Self.parents + column, 300)
    }

    private func prefix(_ value: JSONValue) -> String? {
        value.stringValue.map { String($0.prefix { $0 != "-" }) }
    }

    @Test func `the last condition that is true wins and the rest gets the default`() throws {
        let drawn = try branches([("c == 'n'", "first-"), ("i == 1 and c != 's'", "second-")])
        var seen: Set<String?> = []
        for row in 0..<300 {
            let c = drawn["c"]?[row].stringValue
            let expected = drawn["i"]?[row] == 1 && c != "s" ? "second" : c == "n" ? "first" : "default"
            #expect(try prefix(#require(drawn["a"]?[row])) == expected)
            seen.insert(expected)
        }
        #expect(seen.count == 3)
    }

    @Test func `a true value that is not True takes neither the branch nor the default`() throws {
        let drawn = try branches([("i", "branch-")])
        for row in 0..<300 {
            let value = try #require(drawn["a"]?[row])
            #expect(drawn["i"]?[row] == 1 ? value == .null : prefix(value) == "default")
        }
    }

    @Test func `conditions see times as ISO text and persons as objects`() throws {
        let drawn = try branches([("d < '2021-01-01'", "early-"), ("p.age < 60 and d >= '2021'", "young-")])
        for row in 0..<300 {
            let isEarly = (drawn["d"]?[row].stringValue ?? "") < "2021-01-01"
            let isYoung = (drawn["p"]?[row]["age"]?.intValue ?? 0) < 60
            let expected = isEarly ? "early" : isYoung ? "young" : "default"
            #expect(try prefix(#require(drawn["a"]?[row])) == expected)
        }
    }

    @Test func `a branch has its own decimal places and a column one type of number`() throws {
        let columns = """
              - {name: i, column_type: sampler, sampler_type: bernoulli, params: {p: 0.5}}
              - name: a
                column_type: sampler
                sampler_type: uniform
                params: {low: 0, high: 10, decimal_places: 0}
                conditional_params: {i == 1: {low: 0, high: 10}}
              - name: b
                column_type: sampler
                sampler_type: category
                params: {values: [1, 2]}
                conditional_params: {i == 1: {values: [0.5]}}
            """
        let drawn = try sampled(columns, 200)
        var whole = 0
        for row in 0..<200 {
            let value = try #require(drawn["a"]?[row].doubleValue)
            if drawn["i"]?[row] == 0 {
                #expect(value == value.rounded())
            } else if value == value.rounded() {
                whole += 1
            }
        }
        #expect(whole == 0)
        #expect(Set(drawn["b"] ?? []) == [.number(0.5), .number(1), .number(2)])
    }

    @Test func `a constraint holds in every branch and draws within it`() throws {
        let columns = """
              - {name: i, column_type: sampler, sampler_type: bernoulli, params: {p: 0.5}}
              - name: a
                column_type: sampler
                sampler_type: gaussian
                params: {mean: -100, stddev: 80}
                conditional_params: {i == 1: {mean: 500, stddev: 1}}
            """
        let drawn = try sampled(columns, more: "constraints: [{target_column: a, operator: gt, rhs: 0}]", 200)
        for row in 0..<200 {
            let value = try #require(drawn["a"]?[row].doubleValue)
            #expect(value > 0 && (value > 450) == (drawn["i"]?[row] == 1))
        }
    }

    @Test func `a condition that fails names the column and the record`() throws {
        let loaded = Workflow.load(
            text: """
                columns:
                  - {name: c, column_type: sampler, sampler_type: category, params: {values: [x]}}
                  - {name: a, column_type: sampler, sampler_type: uuid, params: {}, conditional_params: {"c < 3": {}}}
                """, name: "f", format: .yaml)
        let sampler = try Sampler(workflow: try #require(loaded.workflow), seed: 1)
        let error = sampler.draw(records: 3..<4).failures[3]
        #expect(error?.code == .evaluationFailed && error?.column == "a" && error?.record == 3)
    }
}
