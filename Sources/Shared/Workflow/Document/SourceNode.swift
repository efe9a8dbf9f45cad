/// A value of a workflow file, with the place where it stands: what YAML and JSON files are read into.
struct SourceNode: Sendable {
    enum Content: Sendable {
        case null
        case boolean(Bool)
        case integer(Int)
        /// An integer outside 64 bits, in decimal.
        case bigInteger(String)
        case number(Double)
        case text(String)
        case sequence([SourceNode])
        /// In file order; keys are unique.
        case mapping([SourceEntry])
    }

    let content: Content
    let mark: SourceMark
    /// Where the text's own first line stands, when its lines are lines of the file (a YAML block scalar, or text on
    /// one line without escapes): a place inside the text can then be named exactly.
    var textOrigin: SourceMark?

    init(_ content: Content, at mark: SourceMark, textOrigin: SourceMark? = nil) {
        self.content = content
        self.mark = mark
        self.textOrigin = textOrigin
    }

    var isNull: Bool {
        if case .null = content { true } else { false }
    }

    /// The value of a key of a mapping.
    subscript(_ key: String) -> SourceNode? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key == key }?.value
    }

    /// What kind of value this is, as a message names it.
    var kindName: String {
        switch content {
        case .null: "null"
        case .boolean: "a boolean"
        case .integer, .bigInteger: "an integer"
        case .number: "a number"
        case .text: "text"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    /// The file's place of a place inside this text; the text's start where lines were folded or escaped.
    func mark(line: Int, column: Int) -> SourceMark {
        guard let origin = textOrigin else { return mark }
        return SourceMark(line: origin.line + line - 1, column: origin.column + column - 1)
    }
}

/// A key of a mapping with its value, each with its own place.
struct SourceEntry: Sendable {
    let key: String
    let keyMark: SourceMark
    let value: SourceNode
}

/// A file that is not one document of its format.
package struct SourceError: Error {
    package let message: String
    let mark: SourceMark
}
