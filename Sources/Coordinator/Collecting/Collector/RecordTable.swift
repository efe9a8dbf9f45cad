package import JSON

/// The values of one active row group: what templates of its columns may use.
package struct RecordTable: Sendable {
    package let records: Range<Int64>
    private let columns: Int
    private var values: [JSONValue?]
    /// Cells that a skip rule left out; empty until there is one.
    private var leftOut: [Bool] = []
    /// UTF-8 bytes of the strings held, roughly: what the bound on memory counts.
    package private(set) var bytes = 0

    package init(records: Range<Int64>, columns: Int) {
        self.records = records
        self.columns = columns
        values = .init(repeating: nil, count: records.count * columns)
    }

    package subscript(record: Int64, column: Int) -> JSONValue? {
        values[Int(record - records.lowerBound) * columns + column]
    }

    package mutating func set(_ value: JSONValue, record: Int64, column: Int) {
        bytes += value.roughBytes
        values[Int(record - records.lowerBound) * columns + column] = value
    }

    /// As `set`, of a cell that a skip rule left out.
    package mutating func leaveOut(_ value: JSONValue, record: Int64, column: Int) {
        if leftOut.isEmpty { leftOut = .init(repeating: false, count: values.count) }
        leftOut[Int(record - records.lowerBound) * columns + column] = true
        set(value, record: record, column: column)
    }

    package func isLeftOut(_ record: Int64, _ column: Int) -> Bool {
        !leftOut.isEmpty && leftOut[Int(record - records.lowerBound) * columns + column]
    }

    /// A dropped record needs no memory.
    package mutating func clear(record: Int64) {
        let first = Int(record - records.lowerBound) * columns
        for place in first..<(first + columns) {
            bytes -= values[place]?.roughBytes ?? 0
            values[place] = nil
        }
    }
}

extension JSONValue {
    fileprivate var roughBytes: Int {
        switch self {
        case .string(let text), .bigInteger(let text): 16 + text.utf8.count
        case .array(let elements): elements.reduce(16) { $0 + $1.roughBytes }
        case .object(let object): object.reduce(16) { $0 + $1.key.utf8.count + $1.value.roughBytes }
        default: 16
        }
    }
}
