/// Which statements one connection has prepared, by their SQL text: at most `capacity`, the least recently used out.
///
/// A statement counts as prepared only once the server has said so: its Parse may be skipped, when an earlier statement
/// of the same transaction fails. Until then other transactions in the pipeline do not rely on it.
struct PreparedStatements {
    /// How a statement is to be sent.
    enum Use: Equatable {
        /// By the name under which the server knows it.
        case prepared(String)
        /// After preparing it under that name with these parameter types.
        case preparing(String, [PostgresType])
        /// With its text, not prepared.
        case text
    }

    private struct Entry {
        let name: String
        let types: [PostgresType]
        /// The transaction that prepares it; nil once it is prepared.
        var preparer: UInt64?
        var lastUse: UInt64
    }

    private let capacity: Int
    private var entries: [String: Entry] = [:]
    private var uses: UInt64 = 0
    private var names: UInt64 = 0

    /// Names that the server should forget; whoever sends them takes them out.
    private(set) var forgotten: [String] = []

    init(capacity: Int = 256) { self.capacity = capacity }

    var count: Int { entries.count }

    /// Decides how transaction `user` sends `sql` with parameters of `types`; `.unspecified` is a NULL and fits any.
    mutating func use(_ sql: String, _ types: [PostgresType], by user: UInt64) -> Use {
        uses += 1
        if let entry = entries[sql] {
            let fits = Self.fit(types, entry.types)
            if let preparer = entry.preparer, preparer != user || !fits { return .text }
            if fits {
                entries[sql]?.lastUse = uses
                return .prepared(entry.name)
            }
            // Where the old types were NULLs the new ones say more; what is NULL now keeps the old type.
            let merged = zip(types, entry.types).map { $0 == .unspecified ? $1 : $0 }
            forget(sql)
            return prepare(sql, merged.count == types.count ? merged : types, by: user)
        }
        if entries.count >= capacity {
            let oldest = entries.filter { $0.value.preparer == nil }.min { $0.value.lastUse < $1.value.lastUse }
            guard let oldest else { return .text }
            forget(oldest.key)
        }
        return prepare(sql, types, by: user)
    }

    /// The server has prepared what `use` named so.
    mutating func confirm(_ sql: String, _ name: String) {
        if entries[sql]?.name == name { entries[sql]?.preparer = nil }
    }

    /// The server did not prepare it.
    mutating func fail(_ sql: String, _ name: String) {
        if entries[sql]?.name == name { entries[sql] = nil }
    }

    /// The server can no longer run it: it is prepared anew at its next use.
    mutating func invalidate(_ sql: String, _ name: String) {
        if entries[sql]?.name == name { forget(sql) }
    }

    mutating func takeForgotten() -> [String] {
        defer { forgotten = [] }
        return forgotten
    }

    /// For a name that could not be forgotten this time.
    mutating func forgetLater(_ name: String) { forgotten.append(name) }

    private mutating func forget(_ sql: String) {
        guard let entry = entries.removeValue(forKey: sql) else { return }
        forgotten.append(entry.name)
    }

    private mutating func prepare(_ sql: String, _ types: [PostgresType], by user: UInt64) -> Use {
        names += 1
        let name = "tessera_\(names)"
        entries[sql] = Entry(name: name, types: types, preparer: user, lastUse: uses)
        return .preparing(name, types)
    }

    private static func fit(_ types: [PostgresType], _ prepared: [PostgresType]) -> Bool {
        types.count == prepared.count && zip(types, prepared).allSatisfy { $0 == $1 || $0 == .unspecified }
    }
}
