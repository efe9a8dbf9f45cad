package import JSON
import Random
import Templates
package import Workflow

/// An expression column: a template over the record, and the type its text is read as
/// (docs/compatibility.md; Data Designer 0.9.6 does the same).
package struct ComputedColumn: Sendable {
    private let template: CellTemplate
    private let dataType: ExpressionColumn.DataType

    package init(_ column: Column, _ expression: ExpressionColumn, in workflow: Workflow, seed: UInt64) {
        template = CellTemplate(expression.expression, column: column.name, in: workflow, seed: seed)
        dataType = expression.dataType
    }

    /// The cell's value; `value` gives the record's other cells by the places of their columns.
    ///
    /// - Throws: `ComputationError` where Data Designer drops the record: the text is blank, or cannot be converted,
    ///   or the template fails.
    package func value(of record: Int64, given value: (Int) -> JSONValue?) throws(ComputationError) -> JSONValue {
        let text: String
        do throws(TemplateError) {
            text = try template.text(of: record, given: value)
        } catch {
            throw ComputationError(message: error.description)
        }
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw ComputationError(message: "the expression renders to nothing")
        }
        return try ExpressionText.convert(text, to: dataType)
    }
}

/// Why a computed cell has no value; its record is dropped with this.
package struct ComputationError: Error, Sendable {
    package let message: String
}
