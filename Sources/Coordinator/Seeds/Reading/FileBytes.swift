import Glibc

/// A file, piece by piece.
final class FileBytes {
    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8]

    static let pieceBytes = 256 << 10

    init(_ path: String) throws(SeedError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw SeedError("\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        buffer = .init(repeating: 0, count: Self.pieceBytes)
    }

    deinit { close(descriptor) }

    /// The next bytes; empty at the end.
    func next() throws(SeedError) -> ArraySlice<UInt8> {
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw SeedError("\(path) cannot be read: \(String(cString: strerror(errno)))")
            }
            return buffer[..<count]
        }
    }

    /// All of it, if it is not longer than `limit`.
    static func all(of path: String, limit: Int) throws(SeedError) -> [UInt8] {
        let file = try FileBytes(path)
        var bytes: [UInt8] = []
        while true {
            let piece = try file.next()
            if piece.isEmpty { return bytes }
            bytes += piece
            guard bytes.count <= limit else {
                throw SeedError("\(path) is larger than \(limit >> 20) MiB, the most that one record can hold")
            }
        }
    }
}
