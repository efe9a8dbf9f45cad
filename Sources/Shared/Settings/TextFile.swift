import Glibc

/// Small text files, read whole.
enum TextFile {
    struct Unreadable: Error {
        let isMissing: Bool
        /// In the operating system's words.
        let reason: String
    }

    /// - Throws: `Unreadable` for what cannot be opened or read, is larger than 1 MiB or is not UTF-8.
    static func read(_ path: String) throws(Unreadable) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count == 0 { break }
            guard count > 0 else { throw failure() }
            bytes.append(contentsOf: piece[..<count])
            guard bytes.count <= 1 << 20 else { throw Unreadable(isMissing: false, reason: "larger than 1 MiB") }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Unreadable(isMissing: false, reason: "not UTF-8")
        }
        return text
    }

    private static func failure() -> Unreadable {
        Unreadable(isMissing: errno == ENOENT || errno == ENOTDIR, reason: String(cString: strerror(errno)))
    }
}
