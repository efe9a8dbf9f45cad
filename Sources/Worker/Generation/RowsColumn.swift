import CellValues
package import HTTP
package import Inference
import JSON
import JSONSchema
package import Messages

/// A column that an endpoint makes from rows: an http column, or a remote validator's.
///
/// What is sent: `{"data": [{column: value, ...}, ...]}`, for an http column with `columns`, the names of what is to be
/// answered, and its `params`. What must come back: `{"data": [...]}` with as many objects in the same order. Each
/// holds the named columns, or `error`, a text that gives this record up; of a validator each holds `is_valid`.
package struct RowsColumn: Sendable {
    /// What became of a call.
    package enum Outcome: Sendable {
        /// For each row its value, or why it has none.
        case rows([Result<CellValue, CallFailure>])
        case failed(CallFailure)
        case cancelled
    }

    private let name: String
    private let inputs: [String]
    /// The column and its side effects; empty: a validator's.
    private let columns: [String]
    private let parameters: JSONValue?
    private let schema: JSONSchema?
    package let timeout: Duration
    private let maximumRetries: Int
    private let backoff: Double
    private let isTolerant: Bool

    private static let longestPause = 120.0

    /// - Throws: a failure of kind `template` for what cannot be used: every cell fails with it.
    init(_ spec: WireRowsSpec, of column: WireColumnSpec) throws(CallFailure) {
        name = column.name
        inputs = column.inputs
        columns = spec.columns
        timeout = .milliseconds(spec.timeoutMilliseconds == 0 ? 30_000 : Int64(spec.timeoutMilliseconds))
        maximumRetries = Int(spec.maxRetries)
        backoff = spec.retryBackoff
        isTolerant = spec.tolerant
        (parameters, schema) = try Self.parsed(spec, of: column.name)
    }

    private static func parsed(
        _ spec: WireRowsSpec, of name: String
    ) throws(CallFailure) -> (parameters: JSONValue?, schema: JSONSchema?) {
        do {
            // In two steps: nil in a conditional expression would be JSON's null.
            var parameters: JSONValue?
            if !spec.params.isEmpty { parameters = try JSONValue(parsing: spec.params, options: .python) }
            guard !spec.outputSchema.isEmpty else { return (parameters, nil) }
            let schema = try JSONValue(parsing: spec.outputSchema, options: .python)
            return (parameters, try JSONSchema(schema, options: .pruning))
        } catch {
            throw CallFailure(kind: .template, message: "\(name): \(error)")
        }
    }

    // MARK: Asking

    /// The request for some cells.
    ///
    /// - Parameter cells: of each the values of the spec's inputs.
    package func request(_ cells: [[WireValue]], to endpoint: Endpoint) -> HTTPRequest {
        HTTPRequest(
            url: endpoint.rowsURL, headers: endpoint.headers, body: body(cells), timeout: timeout,
            maximumResponseBytes: 64 << 20)
    }

    func body(_ cells: [[WireValue]]) -> [UInt8] {
        var body: JSONObject = [:]
        if !columns.isEmpty { body["columns"] = .array(columns.map { .string($0) }) }
        if let parameters { body["params"] = parameters }
        body["data"] = .array(
            cells.map { cell in .object(JSONObject(zip(inputs, cell).map { ($0, $1.plainValue) })) })
        return JSONValue.object(body).serializedBytes()
    }

    /// Why the endpoint cannot be asked; nil when it can.
    package func refusal(by endpoint: Endpoint, provider: String) -> CallFailure? {
        guard endpoint.dialect != .http else { return nil }
        return CallFailure(
            kind: .notFound,
            message: "provider \(provider) is of type \(endpoint.dialect.rawValue): \(name) needs one with "
                + "provider_type: http in the workers' providers.yaml")
    }

    // MARK: Answers

    package func outcome(
        of result: Result<HTTPResponse, HTTPError>, cells: [[WireValue]], by endpoint: Endpoint
    ) -> Outcome {
        let sent = cells.flatMap { $0.compactMap(\.sentText) }
        switch DocumentOutcome(result, sent: sent, by: endpoint) {
        case .cancelled: return .cancelled
        case .failed(let failure): return .failed(failure)
        case .document(let document):
            do throws(CallFailure) {
                return .rows(try rows(of: document, count: cells.count))
            } catch {
                return .failed(error)
            }
        }
    }

    func rows(of document: JSONValue, count: Int) throws(CallFailure) -> [Result<CellValue, CallFailure>] {
        if let violation = schema?.violation(of: document) {
            throw CallFailure(
                kind: .schema,
                message: "the reply does not match output_schema: \(violation.place): \(violation.keyword)")
        }
        guard let rows = document["data"]?.arrayValue else {
            throw CallFailure(kind: .malformedReply, message: "the reply has no list \"data\"")
        }
        guard rows.count == count else {
            throw CallFailure(
                kind: .malformedReply, message: "the reply has \(rows.count) rows for the \(count) that were sent")
        }
        return rows.map { row in
            do throws(CallFailure) {
                return .success(try columns.isEmpty ? verdict(row) : values(row))
            } catch {
                return .failure(error)
            }
        }
    }

    private func values(_ row: JSONValue) throws(CallFailure) -> CellValue {
        if row[columns[0]] == nil, let error = row["error"]?.stringValue {
            throw CallFailure(kind: .unprocessable, message: error)
        }
        var values: [WireValue] = []
        for column in columns {
            guard let value = row[column] else {
                throw CallFailure(kind: .schema, message: "a row of the reply has no \(column)")
            }
            values.append(WireValue(value))
        }
        return CellValue(values[0], sideValues: Array(values.dropFirst()))
    }

    private func verdict(_ row: JSONValue) throws(CallFailure) -> CellValue {
        guard let object = row.objectValue, let given = object["is_valid"], let isValid = Self.verdict(given) else {
            throw CallFailure(kind: .schema, message: "a row of the reply has no is_valid that is true, false or null")
        }
        var value: JSONObject = ["is_valid": isValid]
        for (key, member) in object where key != "is_valid" { value[key] = member }
        return CellValue(WireValue(.object(value)))
    }

    /// True, false and null, and the words that Data Designer takes for the first two.
    private static func verdict(_ value: JSONValue) -> JSONValue? {
        switch value {
        case .bool, .null: return value
        case .integer(0), .number(0): return false
        case .integer(1), .number(1): return true
        case .string(let text):
            switch text.lowercased() {
            case "true", "t", "yes", "y", "on", "1": return true
            case "false", "f", "no", "n", "off", "0": return false
            default: return nil
            }
        default: return nil
        }
    }

    // MARK: Failures

    /// The pause before a call that failed by its own fault is made again; nil when it is not.
    ///
    /// - Parameter retries: how often it was made again already.
    package func pause(after failure: CallFailure, retries: Int) -> Duration? {
        guard failure.kind.family == .call, failure.kind != .malformedReply, retries < maximumRetries else {
            return nil
        }
        var seconds = backoff
        for _ in 0..<min(retries, 16) { seconds *= max(1, backoff) }
        return .seconds(min(seconds, Self.longestPause))
    }

    /// The value of each row of a call that failed for good; nil where that is a failure of the cells.
    package func value(after failure: CallFailure) -> CellValue? {
        switch failure.kind.family {
        case .call, .answer, .request: isTolerant ? CellValue(WireValue(["is_valid": .null])) : nil
        case .endpoint, .limited: nil
        }
    }
}

extension WireValue {
    /// The value as JSON.
    fileprivate var plainValue: JSONValue {
        switch kind {
        case .text(let text): .string(text)
        case .json(let json): (try? JSONValue(parsing: json, options: .python)) ?? .string(json)
        case nil: .null
        }
    }

    fileprivate var sentText: String? {
        switch kind {
        case .text(let text), .json(let text): text
        case nil: nil
        }
    }
}
