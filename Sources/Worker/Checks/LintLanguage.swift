import JSON
package import Messages

/// How code of a language is put before its tool, and what the tool's report means.
package enum LintLanguage: Hashable, Sendable {
    case python
    case sql(dialect: String)

    /// As workflows write it: `python`, `sql:postgres`. Nil for a language that nothing checks.
    package init?(_ code: String) {
        switch CodeTool(language: code) {
        case .ruff: self = .python
        case .sqlfluff: self = .sql(dialect: String(code.dropFirst(4)))
        case nil: return nil
        }
    }

    package var tool: CodeTool {
        switch self {
        case .python: .ruff
        case .sql: .sqlfluff
        }
    }

    /// The name of the file for the text at `place`.
    func fileName(_ place: Int) -> String {
        switch self {
        case .python: "\(place).py"
        case .sql: "\(place).sql"
        }
    }

    /// What stands in the file.
    func fileText(_ code: String) -> String {
        switch self {
        case .python: code
        case .sql: SQLFluffReport.disarmed(code)
        }
    }

    /// Files that the tool needs besides: by name.
    var supplements: [(name: String, text: String)] {
        switch self {
        case .python: []
        case .sql(let dialect):
            // One cheap rule instead of all: only what cannot be parsed counts. No file is too large to be looked at.
            [("tessera.cfg", "[sqlfluff]\ndialect = \(dialect)\nrules = LT12\nlarge_file_skip_byte_limit = 0\n")]
        }
    }

    /// The program's arguments for so many files in its working directory. The machine's own settings do not count.
    func arguments(files: Int) -> [String] {
        let names = (0..<files).map(fileName)
        switch self {
        case .python:
            return [
                "check", "--isolated", "--no-cache", "--no-respect-gitignore", "--exit-zero", "--quiet", "--select",
                RuffReport.rules, "--output-format", "json",
            ] + names
        case .sql:
            return [
                "lint", "--ignore-local-config", "--config", "tessera.cfg", "--library-path", "none", "--encoding",
                "utf-8", "--format", "json", "--nofail", "--disable-progress-bar", "--nocolor",
            ] + names
        }
    }

    /// One verdict for each text; nil for output that is no report on these.
    func verdicts(of output: [UInt8], on codes: [String]) -> [JSONValue]? {
        guard let report = try? JSONValue(parsing: output, options: .python) else { return nil }
        switch self {
        case .python: return RuffReport.verdicts(of: report, on: codes)
        case .sql: return SQLFluffReport.verdicts(of: report, on: codes)
        }
    }
}
