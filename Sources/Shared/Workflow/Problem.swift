/// One thing that is wrong with a workflow file, or worth a warning.
package struct Problem: Sendable, Hashable {
    /// The file's name, as it was given.
    package let file: String
    package let mark: SourceMark
    /// The value that it is about: `columns[1].prompt`; empty for the file as a whole.
    package let path: String
    /// What is wrong, as the rest of a sentence that begins with the path.
    package let message: String
    /// What to type instead, a sentence; nil when nobody can know.
    package let suggestion: String?

    package init(file: String, mark: SourceMark, path: String, message: String, suggestion: String? = nil) {
        self.file = file
        self.mark = mark
        self.path = path
        self.message = message
        self.suggestion = suggestion
    }
}

extension Problem: CustomStringConvertible {
    /// `bad.yaml:14:13  columns[1].prompt uses {{ product_categry }}; no such column. Did you mean product_category?`
    package var description: String { "\(file):\(mark)  \(sentence)" }

    /// The description without its place.
    package var sentence: String {
        let subject = path.isEmpty ? message : "\(path) \(message)"
        return suggestion.map { "\(subject). \($0)" } ?? subject
    }
}
