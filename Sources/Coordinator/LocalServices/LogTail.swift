/// The last lines of a log, to stand in an error.
struct LogTail: CustomStringConvertible {
    let description: String

    /// Empty when there is no log; otherwise begins with a line break and ends with where the log is.
    init(of path: String, lines: Int = 8) {
        let text = FileSystem.text(path) ?? ""
        let last = text.split(separator: "\n").suffix(lines).map { "\n  \($0)" }.joined()
        description = last.isEmpty ? "" : "\(last)\n  (the whole log: \(path))"
    }
}
