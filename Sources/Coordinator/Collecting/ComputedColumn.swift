import JSON
import Random
import Sampling
import Templates
import Workflow

/// An expression column: a template over the record, and the type its text is read as
/// (docs/compatibility.md; Data Designer 0.9.6 does the same).
struct ComputedColumn: Sendable {
    private let template: Template
    private let dataType: ExpressionColumn.DataType
    private let source: RandomSource
    /// By slot of the template: the column whose value it takes; nil for a global function.
    let slots: [Int?]

    init(_ column: Column, _ expression: ExpressionColumn, in workflow: Workflow, seed: UInt64) {
        template = expression.expression.template
        dataType = expression.dataType
        source = RandomSource(seed: seed, column: column.name, purpose: .template)
        slots = template.slotNames.map { workflow.columnIndex($0) }
    }

    /// The cell's value. `values` are by slot.
    ///
    /// - Throws: `ComputationError` where Data Designer drops the record: the text is blank, or cannot be converted,
    ///   or the template fails.
    func value(of record: Int64, values: [JSONValue?]) throws(ComputationError) -> JSONValue {
        let text: String
        var random = source.stream(record: record)
        do {
            text = try template.render(
                values.map { $0.map { TemplateValue(JSONDecoding.decoded($0)) } }, random: { random.next() })
        } catch {
            throw ComputationError(message: error.description)
        }
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw ComputationError(message: "the expression renders to nothing")
        }
        return try Self.convert(text, to: dataType)
    }

    static func convert(_ text: String, to type: ExpressionColumn.DataType) throws(ComputationError) -> JSONValue {
        switch type {
        case .string: return .string(text)
        case .number: return .number(try number(text))
        case .integer:
            let value = try number(text).rounded(.towardZero)
            guard let integer = Int64(exactly: value) else {
                throw ComputationError(message: "\(text.prefix(40)) is not an integer of 64 bits")
            }
            return .integer(integer)
        case .boolean:
            if let value = try? number(text), let integer = Int64(exactly: value.rounded(.towardZero)) {
                return .bool(integer != 0)
            }
            return .bool(text.lowercased() == "true")
        }
    }

    /// As Python's `float` reads it.
    private static func number(_ text: String) throws(ComputationError) -> Double {
        var digits = String(text.drop(while: \.isWhitespace))
        while let last = digits.last, last.isWhitespace { digits.removeLast() }
        let isHexadecimal = digits.contains { $0 == "x" || $0 == "X" || $0 == "p" || $0 == "P" }
        guard !isHexadecimal, let value = Double(digits.filter { $0 != "_" }) else {
            throw ComputationError(message: "\(text.prefix(40)) is not a number")
        }
        return value
    }
}

/// Why a computed cell has no value; its record is dropped with this.
struct ComputationError: Error, Sendable {
    let message: String
}
