package import JSON

/// One column of a workflow.
package struct Column: Sendable, Hashable {
    package let name: String
    /// Generated and usable by other columns, but not part of the exported table.
    package let isDropped: Bool
    package let skip: Skip?
    /// Whether a row in which a column that this one needs was skipped is skipped here too.
    package let propagatesSkip: Bool
    package let kind: Kind

    package enum Kind: Sendable, Hashable {
        case sampler(SamplerColumn)
        /// A column of the seed data set. Files do not list them; they come from the data set itself.
        case seed
        case generated(GeneratedColumn)
        case expression(ExpressionColumn)
        case validation(ValidationColumn)
        case embedding(EmbeddingColumn)
        case image(ImageColumn)
        case http(HTTPColumn)
        case custom(CustomColumn)
    }

    package init(name: String, isDropped: Bool, skip: Skip?, propagatesSkip: Bool, kind: Kind) {
        self.name = name
        self.isDropped = isDropped
        self.skip = skip
        self.propagatesSkip = propagatesSkip
        self.kind = kind
    }

    /// The file's `column_type`.
    package var typeName: String {
        switch kind {
        case .sampler: "sampler"
        case .seed: "seed-dataset"
        case .generated(let column): column.output.typeName
        case .expression: "expression"
        case .validation: "validation"
        case .embedding: "embedding"
        case .image: "image"
        case .http: "http"
        case .custom: "custom"
        }
    }

    /// The columns that this one writes besides itself, in their order.
    package var sideEffects: [String] {
        if case .http(let column) = kind { return column.sideEffects }
        guard case .generated(let column) = kind else { return [] }
        return (column.trace == .none ? [] : ["\(name)__trace"])
            + (column.extractsReasoning ? ["\(name)__reasoning_content"] : [])
    }

    /// The alias of the model that makes this column's cells; nil where none does.
    package var modelAlias: String? {
        switch kind {
        case .generated(let column): column.modelAlias
        case .embedding(let column): column.modelAlias
        case .image(let column): column.modelAlias
        default: nil
        }
    }

    /// Whether workers make its cells: a model, a tool or an endpoint does.
    package var isMadeByWorkers: Bool {
        switch kind {
        case .generated, .embedding, .image, .validation, .http: true
        case .sampler, .seed, .expression, .custom: false
        }
    }

    /// The names that this column's value is made from (columns and side effects), each once, in the order of their
    /// first use. A sampler's are in `SamplerColumn.references`, since samplers are drawn together.
    package var references: [String] {
        switch kind {
        case .sampler(let column): column.references
        case .seed, .custom: []
        case .generated(let column): column.references
        case .expression(let column): column.expression.names
        case .validation(let column): column.targets.uniqued()
        case .embedding(let column): [column.target]
        case .image(let column): (column.prompt.names + column.context.map(\.column)).uniqued()
        case .http(let column): column.required.uniqued()
        }
    }
}

/// When to leave a cell out.
package struct Skip: Sendable, Hashable {
    package let when: TemplateText
    /// What a skipped cell holds.
    package let value: JSONValue

    package init(when: TemplateText, value: JSONValue) {
        self.when = when
        self.value = value
    }
}

extension Sequence where Element: Hashable {
    /// The elements without repeats, in the order of their first appearance.
    package func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
