import Glibc

/// A lock on a file that ends with its holder, however that dies (flock(2)). What is in the file says who holds it.
package final class FileLock: Sendable {
    private let fd: Int32

    private init(fd: Int32) { self.fd = fd }

    deinit { close(fd) }

    /// Takes the lock of `coordinator run` in a state directory, which is made if absent; released by letting go of it.
    ///
    /// - Throws: `.locked`, with the process that holds it; `.unusableState`.
    package static func run(in stateDirectory: String) throws(LocalServicesError) -> FileLock {
        try FileSystem.makeDirectory(stateDirectory)
        return try take("\(stateDirectory)/run.lock")
    }

    static func take(_ path: String) throws(LocalServicesError) -> FileLock {
        let fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard fd >= 0 else {
            throw LocalServicesError(.unusableState, "cannot open \(path): \(String(cString: strerror(errno)))")
        }
        guard flock(fd, LOCK_EX | LOCK_NB) == 0 else {
            let holder = FileSystem.text(path)?.split(separator: "\n").first.map(String.init) ?? "another process"
            close(fd)
            throw LocalServicesError(
                .locked,
                "\(FileSystem.directory(of: path)) is in use by \(holder). Stop it, or use another --state-dir.")
        }
        let command = CommandLine.arguments.joined(separator: " ")
        ftruncate(fd, 0)
        _ = Array("process \(getpid()) (\(command))\n".utf8).withUnsafeBytes { write(fd, $0.baseAddress, $0.count) }
        return FileLock(fd: fd)
    }
}
