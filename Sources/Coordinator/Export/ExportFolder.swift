import Glibc

/// Files that are there whole or not at all: written beside, synced, renamed (POSIX `rename`).
struct ExportFolder: Sendable {
    let path: String

    func make(_ subfolder: String = "") throws(ExportError) {
        var made = ""
        for part in (path + "/" + subfolder).split(separator: "/", omittingEmptySubsequences: true) {
            made += (made.isEmpty && !path.hasPrefix("/") ? "" : "/") + part
            if mkdir(made, 0o755) != 0, errno != EEXIST {
                throw ExportError(.cannotWrite, "cannot make the folder \(made): \(String(cString: strerror(errno)))")
            }
        }
    }

    /// - Throws: when it cannot be made or written to, or is a file.
    func checkAccess() throws(ExportError) {
        var place = path
        while access(place, F_OK) != 0, errno == ENOENT {
            let parent = place.lastIndex(of: "/").map { String(place[..<$0]) } ?? "."
            place = parent.isEmpty ? "/" : parent
        }
        var status = stat()
        if stat(place, &status) == 0, status.st_mode & S_IFMT != S_IFDIR {
            throw ExportError(.cannotWrite, "\(place) is not a folder")
        }
        guard access(place, W_OK | X_OK) == 0 else {
            throw ExportError(.cannotWrite, "\(place) cannot be written to: \(String(cString: strerror(errno)))")
        }
    }

    /// - Throws: when it holds something else than an export of the job.
    func check(_ former: ExportManifest?, isOf job: String) throws(ExportError) {
        guard former?.job != job, !names().isEmpty else { return }
        let what = former.map { "an export of job \($0.job)" } ?? "other files"
        throw ExportError(.occupied, "\(path) holds \(what); name another folder, or add --force")
    }

    func write(_ bytes: [UInt8], to name: String) throws(ExportError) {
        var file = try ExportFile(path + "/" + name)
        try file.append(bytes)
        try file.finish()
    }

    /// Nil when there is no such file.
    func read(_ name: String) throws(ExportError) -> [UInt8]? {
        let descriptor = open(path + "/" + name, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw failure(name)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(name) }
            if count == 0 { return bytes }
            bytes += piece[0..<count]
        }
    }

    /// Nil when there is no such file.
    func size(of name: String) -> Int? {
        var status = stat()
        return stat(path + "/" + name, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Does nothing when there is no such file.
    func remove(_ name: String) throws(ExportError) {
        guard unlink(path + "/" + name) != 0, errno != ENOENT else { return }
        throw failure(name)
    }

    /// Names in the folder, sorted; empty when it does not exist.
    func names() -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private func failure(_ name: String) -> ExportError {
        ExportError(.cannotWrite, "\(name): \(String(cString: strerror(errno)))")
    }
}
