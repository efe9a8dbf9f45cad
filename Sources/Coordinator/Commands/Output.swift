import Glibc

/// stdout: data, for programs.
enum Output {
    static func line(_ text: String) { writeAll(STDOUT_FILENO, text + "\n") }
}

/// stderr: talk, for people.
enum Talk {
    static func line(_ text: String) { writeAll(STDERR_FILENO, text + "\n") }
    static func raw(_ text: String) { writeAll(STDERR_FILENO, text) }
    static var isTerminal: Bool { isatty(STDERR_FILENO) != 0 }
}

/// A reader that went away is not an error of ours.
private func writeAll(_ descriptor: Int32, _ text: String) {
    var text = text
    text.withUTF8 { bytes in
        var written = 0
        while written < bytes.count {
            let count = write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            written += count
        }
    }
}
