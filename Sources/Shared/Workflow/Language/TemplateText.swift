package import Templates

/// A template of a workflow file: its text as the author wrote it, and what it was parsed to.
package struct TemplateText: Sendable {
    package let text: String
    package let template: Template
    /// The column of each slot of `Template.render(_:)`; nil for the name of a function, such as `range`, that no
    /// column has.
    package let slots: [String?]

    /// The columns that it uses, each once, in the order of their first use.
    package var names: [String] { slots.compactMap(\.self) }
}

extension TemplateText: Hashable {
    package static func == (left: TemplateText, right: TemplateText) -> Bool { left.text == right.text }
    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
