package import JSON
import Random
package import Templates
package import Workflow

/// A template over the cells of one record, with its slots found once.
package struct CellTemplate: Sendable {
    private let template: Template
    private let source: RandomSource
    /// Keeps what a column renders for different ends from drawing the same numbers.
    private let use: UInt32
    /// By slot of the template: the number of the value that it takes; nil for a global function.
    private let slots: [Int?]

    /// - Parameter column: the name under which its random filters draw.
    package init(_ text: TemplateText, column: String, use: UInt32 = 0, in workflow: Workflow, seed: UInt64) {
        template = text.template
        source = RandomSource(seed: seed, column: column, purpose: .template)
        self.use = use
        slots = template.slotNames.map { workflow.valueIndex($0) }
    }

    /// Rendered to text; `value` gives the record's cells, which are decoded as docs/compatibility.md says. A cell that
    /// is not there is null.
    package func text(
        of record: Int64, options: RenderOptions = .init(), given value: (Int) -> JSONValue?
    ) throws(TemplateError) -> String {
        var random = source.stream(record: record, correction: use)
        return try template.render(values(value), options: options, random: { random.next() })
    }

    /// Rendered to a value, as Jinja's native environment does.
    func native(
        of record: Int64, options: RenderOptions, given value: (Int) -> JSONValue?
    ) throws(TemplateError) -> TemplateValue {
        var random = source.stream(record: record, correction: use)
        return try template.renderNative(values(value), options: options, random: { random.next() })
    }

    /// The columns whose cells it takes.
    package var columns: [Int] { slots.compactMap(\.self) }

    private func values(_ value: (Int) -> JSONValue?) -> [TemplateValue?] {
        slots.map { slot in slot.map { TemplateValue(JSONDecoding.decoded(value($0) ?? .null)) } }
    }
}
