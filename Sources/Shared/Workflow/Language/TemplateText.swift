package import Templates

/// A template of a workflow file: its text as the author wrote it, and what it was parsed to.
package struct TemplateText: Sendable {
    package let text: String
    package let template: Template
    /// The columns that it uses, each once, in the order of their first use: the names of its variables. Which slot of
    /// `Template.render(_:)` each has, `template.slotNames` says.
    package let names: [String]
}

extension TemplateText: Hashable {
    package static func == (left: TemplateText, right: TemplateText) -> Bool { left.text == right.text }
    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
