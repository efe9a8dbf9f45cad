import Glibc

/// How a log line is written.
package enum LogFormat: String, Sendable, CaseIterable {
    /// `key=value`, for people.
    case text
    /// One JSON object a line, for collectors.
    case json

    /// `text` when the descriptor is a terminal, else `json`.
    package static func automatic(for descriptor: Int32 = STDERR_FILENO) -> LogFormat {
        isatty(descriptor) == 1 ? .text : .json
    }
}
