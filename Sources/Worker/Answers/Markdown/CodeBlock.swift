/// A code block of a Markdown text.
package struct CodeBlock: Hashable, Sendable {
    /// The first word behind the fence; nil for a fence without one, and for an indented block.
    package let language: String?
    /// Its lines, with their line feeds.
    package let code: String
}
