package import JSON

/// Packs records into pieces.
package struct SeedPacker: Sendable {
    private var records: [UInt8] = []
    private var ends: [Int] = []
    package private(set) var rows: Int64 = 0
    package private(set) var bytes: Int64 = 0

    package init() {}

    /// Takes a record in. Returns the piece before it, when that is full.
    package mutating func append(_ values: [JSONValue]) throws(SeedError) -> SeedPiece? {
        let record = JSONValue.array(values).serializedBytes()
        guard record.count <= SeedPiece.maximumRowBytes else {
            throw SeedError("record \(rows) of the seed data set is larger than 16 MiB, the most that one can hold")
        }
        var full: SeedPiece?
        if !ends.isEmpty, 12 + records.count + record.count + 4 * ends.count > SeedPiece.bytes { full = finish() }
        records += record
        ends.append(records.count)
        rows += 1
        bytes += Int64(record.count)
        return full
    }

    /// The last piece; nil when there is nothing in it.
    package mutating func finish() -> SeedPiece? {
        guard !ends.isEmpty else { return nil }
        let piece = SeedPiece(records, ends: ends)
        records.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        return piece
    }
}
