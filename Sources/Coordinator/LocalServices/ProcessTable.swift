import Glibc

/// What runs on this machine at one moment, from `/proc`.
struct ProcessTable: Sendable, Equatable {
    struct Entry: Sendable, Equatable {
        let identity: ProcessIdentity
        /// The first 15 bytes of the program's name.
        let name: String
        let parent: Int32
        let group: Int32
        /// Ended, and not yet waited for by its parent; it does nothing any more.
        let isZombie: Bool

        var pid: Int32 { identity.pid }
    }

    private let entries: [Int32: Entry]

    init(_ entries: some Sequence<Entry>) {
        self.entries = Dictionary(entries.map { ($0.pid, $0) }, uniquingKeysWith: { $1 })
    }

    static func read() -> ProcessTable {
        ProcessTable(
            FileSystem.names(in: "/proc").compactMap { name in
                guard let pid = Int32(name) else { return nil }
                return entry(of: pid)
            })
    }

    /// Nothing when there is no such process.
    static func entry(of pid: Int32) -> Entry? {
        FileSystem.text("/proc/\(pid)/stat").flatMap(Entry.init(stat:))
    }

    subscript(pid: Int32) -> Entry? { entries[pid] }

    var all: some Collection<Entry> { entries.values }

    func isRunning(_ identity: ProcessIdentity) -> Bool {
        guard let entry = entries[identity.pid] else { return false }
        return entry.identity == identity && !entry.isZombie
    }

    /// The running processes that `roots` started, directly or not, without the roots.
    func descendants(of roots: Set<Int32>) -> Set<ProcessIdentity> {
        var known = roots
        var found: Set<ProcessIdentity> = []
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            for entry in entries.values where known.contains(entry.parent) && !known.contains(entry.pid) {
                known.insert(entry.pid)
                isGrowing = true
                if !entry.isZombie { found.insert(entry.identity) }
            }
        }
        return found
    }
}

extension ProcessTable.Entry {
    /// Reads a line of `/proc/PID/stat` (proc(5)); the name, in parentheses, may hold blanks and parentheses.
    init?(stat line: String) {
        guard let open = line.firstIndex(of: "("), let close = line.lastIndex(of: ")"), open < close,
            let pid = Int32(line[..<open].filter { $0 != " " })
        else { return nil }
        let fields = line[line.index(after: close)...].split(whereSeparator: \.isWhitespace)
        guard fields.count > 19, let parent = Int32(fields[1]), let group = Int32(fields[2]),
            let startTime = UInt64(fields[19])
        else { return nil }
        identity = ProcessIdentity(pid: pid, startTime: startTime)
        name = String(line[line.index(after: open)..<close])
        self.parent = parent
        self.group = group
        isZombie = fields[0] == "Z" || fields[0] == "X"
    }
}
