/// One record of a CSV file.
struct CSVRow: Sendable {
    private(set) var bytes: [UInt8] = []
    private(set) var ends: [Int] = []
    /// The line on which it begins, from 1.
    var line = 1

    var count: Int { ends.count }

    /// A field's bytes, its quotes taken off.
    subscript(field: Int) -> ArraySlice<UInt8> { bytes[(field == 0 ? 0 : ends[field - 1])..<ends[field]] }

    func text(_ field: Int) -> String { String(decoding: self[field], as: UTF8.self) }

    /// An empty line: one field without a byte.
    var isBlank: Bool { ends.count == 1 && bytes.isEmpty }

    var isValidText: Bool { (try? UTF8Span(validating: bytes.span)) != nil }

    mutating func removeAll(line: Int) {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        self.line = line
    }

    mutating func append(_ byte: UInt8) { bytes.append(byte) }
    mutating func append(_ run: ArraySlice<UInt8>) { bytes += run }
    mutating func endField() { ends.append(bytes.count) }
}
