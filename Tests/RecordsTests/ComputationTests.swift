import JSON
import Records
import Testing
import Workflow

struct ComputationTests {
    private func computation(_ columns: String) throws -> (Workflow, RecordComputation) {
        let models = "model_configs: [{alias: m, model: x, provider: p}]"
        let loaded = Workflow.load(
            text: "columns:\n\(columns)\n\(models)", name: "t.yaml", format: .yaml, capabilities: nil)
        let workflow = try #require(loaded.workflow, "\(loaded.problems)")
        return (workflow, RecordComputation(workflow: workflow, seed: 1))
    }

    /// What one record comes to, by names; `given` are the cells known.
    private func compute(_ columns: String, given: [String: JSONValue]) throws
        -> (values: [String: JSONValue], leftOut: Set<String>, drop: String?)
    {
        let (workflow, computation) = try computation(columns)
        let result = computation.result(of: 0, given: workflow.columns.map { given[$0.name] })
        var values: [String: JSONValue] = [:]
        for (column, value) in zip(workflow.columns, result.values) { values[column.name] = value }
        return (
            values, Set(result.leftOut.map { workflow.columns[$0].name }),
            result.drop.map { "\(workflow.columns[$0.column].name): \($0.message)" }
        )
    }

    private static let topic = """
          - {name: t, column_type: sampler, sampler_type: category, params: {values: [a]}}
        """
    private static func text(_ name: String, _ prompt: String, _ more: String = "") -> String {
        "  - {name: \(name), column_type: llm-text, model_alias: m, prompt: \"\(prompt)\"\(more)}"
    }
    private static func expression(_ name: String, _ expr: String, _ more: String = "") -> String {
        "  - {name: \(name), column_type: expression, expr: \"\(expr)\"\(more)}"
    }

    // MARK: Expressions

    @Test(
        arguments: [
            ("str", "x", .string("x")), ("str", " x ", .string(" x ")), ("int", "3.9", .integer(3)),
            ("int", "-3.9", .integer(-3)), ("int", " 1_000 ", .integer(1000)),
            ("int", "1e20", .bigInteger("100000000000000000000")),
            ("int", "-1e22", .bigInteger("-10000000000000000000000")), ("float", "5", .number(5)),
            ("float", ".5", .number(0.5)), ("float", "5.", .number(5)), ("float", "1e3", .number(1000)),
            ("bool", "0.5", .bool(false)), ("bool", "-2", .bool(true)), ("bool", "yes", .bool(false)),
            ("bool", "True", .bool(true)), ("bool", "nan", .bool(false)), ("bool", "1e30", .bool(true)),
        ] as [(String, String, JSONValue)])
    func `a rendered text becomes a value of the column's type as Python reads it`(
        type: String, text: String, value: JSONValue
    ) throws {
        let dataType = try #require(ExpressionColumn.DataType(rawValue: type))
        #expect(try ExpressionText.convert(text, to: dataType) == value)
    }

    @Test(arguments: [
        ("int", "x"), ("int", "inf"), ("int", "nan"), ("float", "1__0"), ("float", "_1"), ("float", "1_"),
        ("float", "."), ("float", "0x10"), ("float", "1e"), ("bool", "inf"), ("float", ""),
    ])
    func `a text that cannot be converted gives the record up`(type: String, text: String) throws {
        let dataType = try #require(ExpressionColumn.DataType(rawValue: type))
        #expect(throws: ComputationError.self) { try ExpressionText.convert(text, to: dataType) }
    }

    @Test func `an expression sees decoded cells and a blank one gives the record up`() throws {
        let columns = Self.topic + "\n" + Self.expression("e", "{{ t + 1 }}", ", dtype: int")
        #expect(try compute(columns, given: ["t": "41"]).values["e"] == 42)
        let dropped = try compute(columns, given: ["t": "x"])
        #expect(dropped.drop?.hasPrefix("e: ") == true)
        let blank = try compute(Self.topic + "\n" + Self.expression("e", "{{ ' ' if t else 'x' }}"), given: ["t": "y"])
        #expect(blank.drop == "e: the expression renders to nothing")
    }

    // MARK: Skips

    @Test(
        arguments: [
            ("{{ t == 'a' }}", "a", true), ("{{ t == 'a' }}", "b", false), ("{{ t }}", "false", false),
            ("{{ t > 3 }}", "5", true), ("{{ t == 'false' }}", "false", false), ("{{ t.missing }}", "a", true),
            ("{{ t | int }}", "0", false), ("{{ t + 1 }}", "a", true), ("x{{ t }}", "false", true),
            ("{{ [] if t else [1] }}", "a", false), ("{{ t }}", "", false), ("{{ t }}", "NaN", true),
        ] as [(String, String, Bool)])
    func `a condition is read as Python reads it, and what fails in it leaves the cell out`(
        when: String, cell: String, isLeftOut: Bool
    ) throws {
        let column = Self.text("c", "{{ t }}", ", skip: {when: \"\(when)\", value: none}")
        let result = try compute(Self.topic + "\n" + column, given: ["t": .string(cell)])
        #expect(result.leftOut == (isLeftOut ? ["c"] : []))
        #expect(result.values["c"] == (isLeftOut ? "none" : nil))
    }

    @Test func `a division by zero in a condition gives the record up`() throws {
        let column = Self.text("c", "{{ t }}", ", skip: {when: \"{{ 1 / t }}\"}")
        #expect(try compute(Self.topic + "\n" + column, given: ["t": "0"]).drop?.contains("skip.when") == true)
    }

    @Test func `leaving out goes on to what needs the cell, with each column's own value`() throws {
        let columns = [
            Self.topic, Self.text("a", "{{ t }}", ", skip: {when: \"{{ t == 'x' }}\", value: gone}"),
            Self.text("b", "{{ a }}"), Self.text("c", "{{ b }}", ", skip: {when: \"{{ t == 'never' }}\", value: 7}"),
            Self.expression("d", "{{ c }}"), Self.text("e", "{{ a }}", ", propagate_skip: false"),
            Self.text("f", "{{ t }}", ", skip: {when: \"{{ a == 'other' }}\"}"),
        ].joined(separator: "\n")
        let result = try compute(columns, given: ["t": "x", "e": "made", "f": "made"])
        #expect(result.leftOut == ["a", "b", "c", "d"])
        #expect(result.values["a"] == "gone")
        #expect(result.values["b"] == .null)
        #expect(result.values["c"] == 7)
        #expect(result.values["d"] == .null)
        #expect(result.values["e"] == "made" && result.values["f"] == "made")
        #expect(try compute(columns, given: ["t": "y", "a": "1"]).leftOut.isEmpty)
    }

    @Test func `what a column writes beside itself is null where it is left out`() throws {
        let columns = [
            Self.topic,
            Self.text("a", "{{ t }}", ", with_trace: all_messages, skip: {when: \"{{ t == 'x' }}\"}"),
            Self.expression("b", "{{ a__trace }}", ", propagate_skip: false"),
        ].joined(separator: "\n")
        #expect(try compute(columns, given: ["t": "x"]).values["b"] == "None")
        #expect(try compute(columns, given: ["t": "y"]).values["b"] == nil)
    }

    @Test func `what needs a model that did not answer stays open`() throws {
        let columns = [Self.topic, Self.text("a", "{{ t }}"), Self.expression("b", "{{ a }}")].joined(separator: "\n")
        let result = try compute(columns, given: ["t": "x"])
        #expect(result.values["a"] == nil && result.values["b"] == nil && result.drop == nil)
        #expect(try compute(columns, given: ["t": "x", "a": "y"]).values["b"] == "y")
    }
}
