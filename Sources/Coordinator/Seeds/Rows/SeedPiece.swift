package import JSON

/// Some records of a frozen seed data set, packed so that one can be cut out without reading the rest.
///
/// Little endian: the number of records as 4 bytes, then for each record and the end its offset from the first as 4
/// bytes, then the records, each a JSON array of its values by column.
package struct SeedPiece: Sendable {
    /// What a piece comes to, but for one record that is longer.
    package static let bytes = 1 << 20
    package static let maximumRowBytes = 16 << 20

    package let rows: Int
    package let bytes: [UInt8]

    init(_ records: [UInt8], ends: [Int]) {
        rows = ends.count
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 + 4 * ends.count + records.count)
        func append(_ number: Int) {
            for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
        }
        append(ends.count)
        append(0)
        for end in ends { append(end) }
        bytes += records
        self.bytes = bytes
    }

    /// Where the two offsets that enclose a record stand in a piece.
    package static func offsets(of row: Int) -> Range<Int> { (4 + 4 * row)..<(12 + 4 * row) }

    /// Where a record stands in a piece of so many, by the bytes at `offsets(of:)`; nil when they are none.
    package static func place(_ offsets: [UInt8], rows: Int) -> Range<Int>? {
        guard offsets.count == 8 else { return nil }
        func number(_ at: Int) -> Int {
            (0..<4).reduce(0) { $0 | Int(offsets[at + $1]) << (8 * $1) }
        }
        let start = 8 + 4 * rows
        let (first, end) = (number(0), number(4))
        return first <= end ? (start + first)..<(start + end) : nil
    }

    /// The values of a record that was cut out.
    package static func values(_ record: [UInt8]) -> [JSONValue]? {
        (try? JSONValue(parsing: record))?.arrayValue
    }
}
