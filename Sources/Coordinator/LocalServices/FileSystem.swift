import Glibc

/// The few file operations that private services need, in the kernel's own terms (owners, modes, links).
enum FileSystem {
    /// The whole content, `/proc` files included; nothing when it cannot be read.
    static func bytes(_ path: String) -> [UInt8]? {
        let fd = open(path, O_RDONLY | O_CLOEXEC)
        guard fd >= 0 else { return nil }
        defer { close(fd) }
        var content: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = read(fd, &piece, piece.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return content }
            content.append(contentsOf: piece[..<count])
        }
    }

    static func text(_ path: String) -> String? { bytes(path).map { String(decoding: $0, as: UTF8.self) } }

    /// Replaces a file in one step, on disk when this returns.
    static func write(_ text: String, to path: String, mode: mode_t = 0o600, owner: ServiceUser? = nil)
        throws(LocalServicesError)
    {
        let temporary = path + ".new"
        unlink(temporary)
        let fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard fd >= 0 else { throw unusable("cannot write", temporary) }
        defer { close(fd) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(fd, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw unusable("cannot write", temporary) }
            rest = rest.dropFirst(count)
        }
        if let owner, fchown(fd, owner.uid, owner.gid) != 0 { throw unusable("cannot give away", temporary) }
        guard fsync(fd) == 0, rename(temporary, path) == 0 else { throw unusable("cannot write", path) }
    }

    /// Makes a folder and the ones above it. One that is there keeps its mode; the owner is set where one is given.
    static func makeDirectory(_ path: String, mode: mode_t = 0o700, owner: ServiceUser? = nil)
        throws(LocalServicesError)
    {
        if !isDirectory(path) {
            let parent = directory(of: path)
            if parent != path, !isDirectory(parent) { try makeDirectory(parent, mode: 0o755) }
            // The caller's umask must not lock the servers' users out.
            guard mkdir(path, mode) == 0 && chmod(path, mode) == 0 || errno == EEXIST && isDirectory(path) else {
                throw unusable("cannot make", path)
            }
        }
        if let owner, lchown(path, owner.uid, owner.gid) != 0 { throw unusable("cannot give away", path) }
    }

    static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// Removes a file, a link, or a folder with all that is in it; links are not followed. Absent is fine.
    static func remove(_ path: String) {
        if information(path, followingLinks: false).map({ $0.st_mode & S_IFMT == S_IFDIR }) == true {
            for name in names(in: path) { remove("\(path)/\(name)") }
            rmdir(path)
        } else {
            unlink(path)
        }
    }

    static func information(_ path: String, followingLinks: Bool) -> stat? {
        var information = stat()
        let status = followingLinks ? stat(path, &information) : lstat(path, &information)
        return status == 0 ? information : nil
    }

    static func isDirectory(_ path: String) -> Bool {
        information(path, followingLinks: true).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
    }

    static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 && !isDirectory(path) }

    /// The path without links and dots; nothing when it does not exist.
    static func realPath(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }

    /// What comes before the last part: `/a` of `/a/b`, `.` of `b`.
    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func unusable(_ what: String, _ path: String) -> LocalServicesError {
        LocalServicesError(.unusableState, "\(what) \(path): \(String(cString: strerror(errno)))")
    }
}
