import Glibc

/// What an earlier run in a state directory left running, when its guardian was killed as well.
enum Orphans {
    /// Processes that carry the state directory's mark, or are a server with its data there; not what this process
    /// itself started.
    ///
    /// A server under its own user is told by its command line, which anyone may read, unlike its environment.
    static func find(stateDirectory: String, services: String) -> [GuardedProcess] {
        let table = ProcessTable.read()
        let mark = "\(ProcessLauncher.marker)=\(stateDirectory)"
        let own = table.descendants(of: [getpid()])
        let candidates = table.all.filter { process in
            guard !process.isZombie, process.pid != getpid(), !own.contains(process.identity) else { return false }
            if words("environ", of: process).contains(mark) { return true }
            return servers[process.name] != nil
                && words("cmdline", of: process).contains { $0.hasPrefix("\(services)/") }
        }
        let found = Set(candidates.map(\.pid))
        // Children go with their parent, in the order their parent wishes.
        return candidates.filter { !found.contains($0.parent) }.map { process in
            let (kind, signal) = servers[process.name] ?? (.program, SIGTERM)
            return GuardedProcess(process.identity, kind, signal: signal)
        }
    }

    private static let servers: [String: (GuardedProcess.Kind, Int32)] = [
        "postgres": (.server, SIGINT), "initdb": (.server, SIGTERM), "beam.smp": (.server, SIGTERM),
        "epmd": (.helper, SIGTERM),
    ]

    private static func words(_ file: String, of process: ProcessTable.Entry) -> [String] {
        guard let bytes = FileSystem.bytes("/proc/\(process.pid)/\(file)") else { return [] }
        return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }
}
