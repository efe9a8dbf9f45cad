package import JSON
import Templates
package import Workflow

/// A `schema_transform` processor: one JSON document for each record.
package struct SchemaTransform: Sendable {
    package let name: String
    private let template: CellTemplate

    /// Nil for a processor of another kind.
    package init?(_ processor: ProcessorConfig, in workflow: Workflow, seed: UInt64) {
        guard case .schemaTransform(_, let text) = processor.kind else { return nil }
        name = processor.name
        // Not the name of a column alone, which could be the processor's too.
        template = CellTemplate(text, column: "processor \(processor.name)", in: workflow, seed: seed)
    }

    /// The columns whose cells it takes.
    package var columns: [Int] { template.columns }

    /// The document of a record; `value` gives its cells by the places of their columns.
    ///
    /// - Throws: when the template fails, or what it renders is not JSON.
    package func document(of record: Int64, given value: (Int) -> JSONValue?) throws(ComputationError) -> JSONValue {
        let text: String
        do throws(TemplateError) {
            text = try template.text(of: record, options: RenderOptions(output: .json), given: value)
        } catch {
            throw ComputationError(message: error.description)
        }
        do throws(JSONError) {
            return try JSONValue(parsing: text, options: .python)
        } catch {
            throw ComputationError(message: "what it renders is not JSON: \(error)")
        }
    }
}
