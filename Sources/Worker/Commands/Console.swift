import Glibc

/// Lines for people and programs: data on stdout, talk on stderr.
enum Console {
    static func put(_ line: String) { write(line, to: STDOUT_FILENO) }

    static func talk(_ line: String) { write(line, to: STDERR_FILENO) }

    private static func write(_ line: String, to descriptor: Int32) {
        let bytes = Array((line + "\n").utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // Whoever read it is gone: there is nobody to tell.
            guard count > 0 else { return }
            written += count
        }
    }
}
