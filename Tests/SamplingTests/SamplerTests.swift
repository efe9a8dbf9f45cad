import JSON
import Testing
import Workflow

@testable import Sampling

struct SamplerTests {
    @Test func `a value does not depend on the range in which it is drawn`() throws {
        let text = """
            columns:
              - {name: u, column_type: sampler, sampler_type: uniform, params: {low: 0, high: 1}}
              - {name: c, column_type: sampler, sampler_type: category, params: {values: [a, b, c], weights: [2, 1, 1]}}
              - {name: s, column_type: sampler, sampler_type: subcategory, params: {category: c, values: {a: [1, 2], b: [x], c: [y, z]}}}
              - {name: i, column_type: sampler, sampler_type: uuid, params: {short_form: true}}
              - {name: g, column_type: sampler, sampler_type: gaussian, params: {mean: 0, stddev: 1}}
            constraints: [{target_column: g, operator: gt, rhs: u}]
            """
        let workflow = try #require(
            Workflow.load(text: text, name: "f", format: .yaml, capabilities: nil).workflow)
        let sampler = try Sampler(workflow: workflow, seed: 99)
        let whole = try sampler.draw(records: 0..<100)
        for start in stride(from: 0, to: 100, by: 7).reversed() {
            let end = min(start + 7, 100)
            let part = try sampler.draw(records: Int64(start)..<Int64(end))
            for (column, values) in whole.values.enumerated() {
                #expect(part.values[column] == Array(values[start..<end]))
            }
        }
    }

    @Test func `a column keeps its values when another joins the workflow`() throws {
        let own = "  - {name: u, column_type: sampler, sampler_type: uniform, params: {low: 0, high: 1}}"
        let other = "  - {name: v, column_type: sampler, sampler_type: uniform, params: {low: 0, high: 1}}"
        let alone = try sampled(own, 10)
        let together = try sampled(other + "\n" + own, 10)
        #expect(alone["u"] == together["u"])
        #expect(together["u"] != together["v"])
    }

    @Test func `uniform numbers fill their range`() throws {
        let values = try draws("{sampler_type: uniform, params: {low: -2, high: 3}}", 20_000).compactMap(\.doubleValue)
        #expect(values.allSatisfy { $0 >= -2 && $0 < 3 })
        var counts = [Int](repeating: 0, count: 10)
        for value in values { counts[Int((value + 2) * 2)] += 1 }
        expectChiSquare(counts, probabilities: Array(repeating: 0.1, count: 10))
    }

    @Test func `decimal places round half to even and conversions follow`() throws {
        let cents = try draws("{sampler_type: uniform, params: {low: 0, high: 10, decimal_places: 2}}", 500)
        #expect(cents.compactMap(\.doubleValue).allSatisfy { ($0 * 100).rounded() / 100 == $0 })
        let tens = try draws(
            "{sampler_type: uniform, convert_to: int, params: {low: 0, high: 100, decimal_places: -1}}", 500)
        #expect(Set(tens).isSubset(of: Set((0...10).map { JSONValue.integer($0 * 10) })))
        let texts = try draws(
            "{sampler_type: uniform, convert_to: str, params: {low: 1, high: 9, decimal_places: 0}}", 50)
        #expect(Set(texts).isSubset(of: Set((1...9).map { JSONValue.string("\($0).0") })))
        #expect(PortableMath.rounded(2.5, places: 0) == 2)
        #expect(PortableMath.rounded(0.125, places: 2) == 0.12)
    }

    @Test func `a category draws by weight`() throws {
        let values = try draws(
            "{sampler_type: category, params: {values: [a, b, c, d], weights: [4, 2, 1, 0]}}", 20_000)
        let counts = ["a", "b", "c"].map { name in values.filter { $0 == .string(name) }.count }
        #expect(counts.reduce(0, +) == values.count)
        expectChiSquare(counts, probabilities: [4.0 / 7, 2.0 / 7, 1.0 / 7])
    }

    @Test(arguments: [
        ("[1, 2]", "[1,2]"), ("[1, 2.5]", "[1.0,2.5]"), ("[a, 3, 4.5]", #"["3","4.5","a"]"#),
        ("['1', 1.0e+20]", #"["1","1e+20"]"#),
    ])
    func `a list of values has one type`(list: String, expected: String) throws {
        let values = Set(try draws("{sampler_type: category, params: {values: \(list)}}", 200))
        let sorted = values.map { $0.serialized() }.sorted()
        #expect("[\(sorted.joined(separator: ","))]" == expected)
    }

    @Test func `a uuid has 32 digits, its version, and a prefix that stays as it is`() throws {
        let long = try draws("{sampler_type: uuid, params: {prefix: id-, uppercase: true}}", 1_000).compactMap(
            \.stringValue)
        #expect(Set(long).count == 1_000)
        for text in long {
            let digits = Array(text.dropFirst(3))
            #expect(text.hasPrefix("id-") && digits.count == 32 && digits[12] == "4" && "89AB".contains(digits[16]))
            #expect(digits.allSatisfy { $0.isHexDigit && !$0.isLowercase })
        }
        var counts = [Int](repeating: 0, count: 16)
        for text in long { counts[text.last?.hexDigitValue ?? 0] += 1 }
        expectChiSquare(counts, probabilities: Array(repeating: 1.0 / 16, count: 16))
    }

    @Test func `short uuids never repeat`() throws {
        let short = try draws("{sampler_type: uuid, params: {short_form: true}}", 200_000).compactMap(\.stringValue)
        #expect(Set(short).count == 200_000)
        #expect(short.allSatisfy { $0.count == 8 })
        var counts = [Int](repeating: 0, count: 256)
        for text in short { counts[Int(text.prefix(2), radix: 16) ?? 0] += 1 }
        expectChiSquare(counts, probabilities: Array(repeating: 1.0 / 256, count: 256))
    }
}
