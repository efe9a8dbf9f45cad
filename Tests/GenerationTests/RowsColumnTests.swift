import CellValues
import HTTP
import Inference
import JSON
import Messages
import Testing

@testable import Generation

struct RowsColumnTests {
    private static func column(
        inputs: [String] = ["city", "n"], _ fill: (inout WireRowsSpec) -> Void
    ) throws -> RowsColumn {
        var spec = WireColumnSpec()
        spec.name = "place"
        spec.inputs = inputs
        var rows = WireRowsSpec()
        fill(&rows)
        spec.rows = rows
        return try RowsColumn(rows, of: spec)
    }

    private static func text(_ text: String) -> WireValue { WireValue(cellText: text) }

    private static func json(_ json: String) -> WireValue {
        var value = WireValue()
        value.json = json
        return value
    }

    private static func failure(_ row: Result<CellValue, CallFailure>) -> FailureKind? {
        if case .failure(let failure) = row { failure.kind } else { nil }
    }

    @Test func `rows are sent with their values as they are, and the names of what is wanted`() throws {
        let column = try Self.column {
            $0.columns = ["place", "lat"]
            $0.params = #"{"k": [1]}"#
        }
        let cells = [[Self.text("\"Rome\""), Self.json("3")], [Self.text("007"), Self.json(#"{"a":null}"#)]]
        #expect(
            try JSONValue(parsing: column.body(cells)) == [
                "columns": ["place", "lat"], "params": ["k": [1]],
                "data": [["city": "\"Rome\"", "n": 3], ["city": "007", "n": ["a": .null]]],
            ])
        let validator = try Self.column(inputs: ["city"]) { _ in }
        let sent = try JSONValue(parsing: validator.body([[Self.text("x")]]))
        #expect(sent == ["data": [["city": "x"]]])
    }

    @Test func `a reply's rows become values in their order`() throws {
        let column = try Self.column { $0.columns = ["place", "lat", "lon"] }
        let rows = try column.rows(
            of: [
                "data": [["lon": 2, "lat": .null, "place": "a", "more": 1], ["place": ["b"], "lat": 1.5, "lon": "x"]]
            ],
            count: 2)
        let values = try rows.map { try $0.get() }
        #expect(values.map(\.value) == [Self.text("a"), Self.json(#"["b"]"#)])
        #expect(
            values.map(\.sideValues) == [[Self.json("null"), Self.json("2")], [Self.json("1.5"), Self.text("x")]])
    }

    @Test func `a row may be given up alone`() throws {
        let column = try Self.column { $0.columns = ["place", "lat"] }
        let rows = try column.rows(
            of: ["data": [["error": "no such city"], ["place": "b"], ["place": "c", "lat": 1], "d"]], count: 4)
        #expect(rows.map(Self.failure) == [.unprocessable, .schema, nil, .schema])
        #expect(rows.map(Self.failure).allSatisfy { $0?.family != .call })
        guard case .failure(let failure) = rows[0] else { return }
        #expect(failure.message == "no such city")
    }

    @Test(arguments: ["[]", "{}", #"{"data": {}}"#, #"{"data": []}"#, #"{"data": [{}, {}]}"#])
    func `a reply of another shape is no reply`(reply: String) throws {
        let column = try Self.column { $0.columns = ["place"] }
        #expect(throws: CallFailure.self) { try column.rows(of: JSONValue(parsing: reply), count: 1) }
    }

    @Test func `a verdict is a row with is_valid, which stands first`() throws {
        let column = try Self.column(inputs: ["code"]) { _ in }
        let rows = try column.rows(
            of: [
                "data": [
                    ["why": "x", "is_valid": true], ["is_valid": .null], ["is_valid": "no"], ["is_valid": 1],
                    ["is_valid": 7], ["ok": true],
                ]
            ],
            count: 6)
        #expect(try rows[0].get().value == Self.json(#"{"is_valid":true,"why":"x"}"#))
        #expect(try rows[1].get().value == Self.json(#"{"is_valid":null}"#))
        #expect(try rows[2].get().value == Self.json(#"{"is_valid":false}"#))
        #expect(try rows[3].get().value == Self.json(#"{"is_valid":true}"#))
        #expect(rows.map(Self.failure) == [nil, nil, nil, nil, .schema, .schema])
    }

    @Test func `the whole reply must meet output_schema, and keeps what it does not declare`() throws {
        let column = try Self.column(inputs: ["code"]) {
            $0.outputSchema =
                #"{"properties": {"data": {"items": {"properties": {"is_valid": {"type": "boolean"}, "n": {"maximum": 3}}, "required": ["is_valid"]}}}}"#
        }
        let good = try column.rows(of: ["data": [["is_valid": true, "n": 3, "more": 1]]], count: 1)
        #expect(try good[0].get().value == Self.json(#"{"is_valid":true,"n":3,"more":1}"#))
        let error = #expect(throws: CallFailure.self) {
            try column.rows(of: ["data": [["is_valid": true, "n": 4]]], count: 1)
        }
        #expect(error?.kind == .schema && error?.message.contains("$.data[0].n") == true)
    }

    @Test func `a call is made again as often as the workflow says, after growing pauses`() throws {
        let column = try Self.column(inputs: ["code"]) {
            $0.maxRetries = 3
            $0.retryBackoff = 2
        }
        let failure = CallFailure(kind: .serverError, message: "")
        #expect(
            (0...3).map { column.pause(after: failure, retries: $0) } == [.seconds(2), .seconds(4), .seconds(8), nil])
        for kind in [FailureKind.badRequest, .malformedReply, .schema, .rateLimited, .unavailable, .connection] {
            #expect(column.pause(after: CallFailure(kind: kind, message: ""), retries: 0) == nil)
        }
        let none = try Self.column { $0.columns = ["place"] }
        #expect(none.pause(after: failure, retries: 0) == nil)
    }

    @Test func `a tolerant validator has no verdict where a call failed for good, but for an endpoint that is away`()
        throws
    {
        let tolerant = try Self.column(inputs: ["code"]) { $0.tolerant = true }
        let strict = try Self.column(inputs: ["code"]) { _ in }
        for kind in FailureKind.allCases {
            let failure = CallFailure(kind: kind, message: "")
            let isCells = ![.endpoint, .limited].contains(kind.family)
            #expect((tolerant.value(after: failure)?.value == Self.json(#"{"is_valid":null}"#)) == isCells, "\(kind)")
            #expect(strict.value(after: failure) == nil)
        }
    }

    @Test func `params or a schema that cannot be read fail the column`() {
        #expect(throws: CallFailure.self) { try Self.column { $0.params = "{" } }
        #expect(throws: CallFailure.self) { try Self.column { $0.outputSchema = #"{"type": "strng"}"# } }
    }
}
