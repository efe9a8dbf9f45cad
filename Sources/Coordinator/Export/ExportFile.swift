import Glibc

/// A file on its way: there once `finish` returned, and until then what stood there before.
struct ExportFile: ~Copyable {
    private let path: String
    private let descriptor: Int32

    private static func failure(_ name: String) -> ExportError {
        ExportError(.cannotWrite, "\(name): \(String(cString: strerror(errno)))")
    }

    private var temporary: String { path + ".partial" }

    init(_ path: String) throws(ExportError) {
        self.path = path
        descriptor = open(path + ".partial", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure(path + ".partial") }
    }

    deinit {
        close(descriptor)
        // Not there any more where it was finished.
        unlink(temporary)
    }

    mutating func append(_ bytes: [UInt8]) throws(ExportError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure(temporary) }
            written += count
        }
    }

    /// Synced, then renamed (POSIX `rename`), and the folder synced.
    consuming func finish() throws(ExportError) {
        guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw Self.failure(path) }
        let end = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
        let folder = open(end == path.startIndex ? "/" : String(path[..<end]), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw Self.failure(path) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw Self.failure(path) }
    }
}
