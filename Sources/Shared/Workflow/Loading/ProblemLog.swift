/// Collects what is wrong with one file while it is read, and finds the places.
final class ProblemLog {
    private let file: String
    private let root: SourceNode
    /// The names of all columns of the file.
    var columnNames: Set<String> = []
    /// Told what each mapping was read as, and the keys that were asked for: tests compare them with the schema.
    var observer: ((_ kind: String, _ known: [String], _ required: [String]) -> Void)?
    private(set) var problems: [Problem] = []
    private(set) var warnings: [Problem] = []

    init(file: String, root: SourceNode) {
        self.file = file
        self.root = root
    }

    /// Reports a problem with the value at `path`; `mark` is given where the place is inside the value.
    func report(_ path: SourcePath, _ message: String, _ suggestion: String? = nil, at mark: SourceMark? = nil) {
        problems.append(problem(path, message, suggestion, at: mark ?? root.deepest(path).mark))
    }

    /// Reports a problem with the key at the end of `path`.
    func reportKey(_ path: SourcePath, _ message: String, _ suggestion: String? = nil) {
        problems.append(problem(path, message, suggestion, at: root.keyMark(path)))
    }

    func warn(_ path: SourcePath, _ message: String, _ suggestion: String? = nil) {
        warnings.append(problem(path, message, suggestion, at: root.deepest(path).mark))
    }

    /// In the order of the file; each once.
    var sortedProblems: [Problem] { problems.uniqued().sorted { $0.mark < $1.mark } }

    /// The file's place of a line and column of the text at `path`.
    func mark(_ path: SourcePath, line: Int, column: Int) -> SourceMark {
        root.deepest(path).mark(line: line, column: column)
    }

    private func problem(_ path: SourcePath, _ message: String, _ suggestion: String?, at mark: SourceMark) -> Problem {
        // `data_designer` wraps everything in the full form; messages leave it out.
        let inner = path.steps.first == .key("data_designer") ? SourcePath(steps: Array(path.steps.dropFirst())) : path
        return Problem(file: file, mark: mark, path: inner.description, message: message, suggestion: suggestion)
    }
}
