/// How often each value occurs, exactly, as long as there are few and short ones; mergeable.
package struct CategoryCounts: Hashable, Sendable {
    static let most = 64
    static let longest = 64

    /// Nil: there are too many, or too long ones.
    package private(set) var counts: [String: Int]? = [:]

    package init() {}

    package mutating func add(_ value: String) { add(value, 1) }

    private mutating func add(_ value: String, _ count: Int) {
        guard counts != nil else { return }
        guard value.utf8.count <= Self.longest else {
            counts = nil
            return
        }
        counts?[value, default: 0] += count
        if let known = counts?.count, known > Self.most { counts = nil }
    }

    package mutating func merge(_ other: CategoryCounts) {
        guard let others = other.counts else {
            counts = nil
            return
        }
        for (value, count) in others { add(value, count) }
    }

    /// The most frequent first; of equal ones in the order of their names.
    package var sorted: [(value: String, count: Int)]? {
        counts?.map { (value: $0.key, count: $0.value) }.sorted { ($1.count, $0.value) < ($0.count, $1.value) }
    }

    func encode(to writer: inout SketchWriter) {
        guard let sorted else {
            writer.put(UInt64(Self.most) + 1)
            return
        }
        writer.put(UInt64(sorted.count))
        for (value, count) in sorted {
            writer.put(UInt64(value.utf8.count))
            writer.put(bytes: Array(value.utf8))
            writer.put(UInt64(count))
        }
    }

    init?(from reader: inout SketchReader) {
        guard let known = reader.number() else { return nil }
        guard known <= UInt64(Self.most) else {
            counts = nil
            return
        }
        for _ in 0..<known {
            guard let length = reader.number(), length <= UInt64(Self.longest),
                let text = reader.bytes(Int(length)), let count = reader.number()
            else { return nil }
            counts?[String(decoding: text, as: UTF8.self)] = Int(clamping: count)
        }
    }
}
