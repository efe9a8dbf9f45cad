package import JSON

/// What is known of a column's values without keeping them, mergeable in any order: a row group's is made when the
/// group is finished, a job's is the merge of its groups'.
package struct ColumnSketch: Hashable, Sendable {
    /// 1 had no count of verdicts.
    private static let version: UInt64 = 2

    /// What a value is, as Data Designer's `simple_dtype` names it.
    package enum Kind: Int, Hashable, Sendable, CaseIterable {
        case text
        case integer
        case float
        case bool
        case list
        case object

        package var name: String {
            switch self {
            case .text: "string"
            case .integer: "int"
            case .float: "float"
            case .bool: "bool"
            case .list: "list"
            case .object: "dict"
            }
        }
    }

    /// Values, nulls too.
    package private(set) var records = 0
    package private(set) var nulls = 0
    /// Verdicts of a validation column that say valid, for every target where there are several.
    package private(set) var valid = 0
    package private(set) var distinct = DistinctSketch()
    package private(set) var categories = CategoryCounts()
    /// Of the values that are numbers.
    package private(set) var numbers = QuantileSketch()
    /// Of the values that are texts: characters (Unicode scalars).
    package private(set) var lengths = QuantileSketch()
    private var kinds = [Int](repeating: 0, count: Kind.allCases.count)

    package init() {}

    /// Of the values that are not null; nil where they are of several kinds, or there are none.
    package var kind: Kind? {
        let seen = Kind.allCases.filter { kinds[$0.rawValue] > 0 }
        if seen == [.integer, .float] { return .float }
        return seen.count == 1 ? seen[0] : nil
    }

    package mutating func add(_ value: JSONValue?) {
        records += 1
        switch value {
        case nil, .null: nulls += 1
        case .string(let text):
            kinds[Kind.text.rawValue] += 1
            distinct.add(StableHash.hash(text.utf8, tag: 1))
            lengths.add(Double(Self.scalars(text)))
            categories.add(text)
        case .integer(let number):
            kinds[Kind.integer.rawValue] += 1
            note(String(number), tag: 2)
            numbers.add(Double(number))
        case .bigInteger(let text):
            kinds[Kind.integer.rawValue] += 1
            note(text, tag: 2)
            numbers.add(Double(text) ?? .nan)
        case .number(let number):
            kinds[Kind.float.rawValue] += 1
            withUnsafeBytes(of: number.bitPattern.littleEndian) { distinct.add(StableHash.hash($0, tag: 3)) }
            numbers.add(number)
            if categories.counts != nil { categories.add(JSONValue.number(number).serialized()) }
        case .bool(let flag):
            kinds[Kind.bool.rawValue] += 1
            note(flag ? "true" : "false", tag: 4)
        case .array(let items):
            kinds[Kind.list.rawValue] += 1
            distinct.add(StableHash.hash(JSONValue.array(items).serializedBytes(), tag: 5))
        case .object(let object):
            kinds[Kind.object.rawValue] += 1
            if Self.isValid(object) { valid += 1 }
            distinct.add(StableHash.hash(JSONValue.object(object).serializedBytes(), tag: 6))
        }
    }

    private mutating func note(_ text: String, tag: UInt8) {
        distinct.add(StableHash.hash(text.utf8, tag: tag))
        categories.add(text)
    }

    private static func isValid(_ verdict: JSONObject) -> Bool {
        if let own = verdict["is_valid"] { return own == true }
        return !verdict.isEmpty && verdict.allSatisfy { $0.value["is_valid"] == true }
    }

    /// Eight bytes a step: a loop over the view costs ten times as much. Scalars are the bytes that continue none.
    private static func scalars(_ text: String) -> Int {
        let count = text.utf8.withContiguousStorageIfAvailable { bytes -> Int in
            let raw = UnsafeRawBufferPointer(bytes)
            var continuing = 0
            var place = 0
            while place + 8 <= raw.count {
                let word = raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                // The top bit is set, the one below is not.
                continuing += (word & ~(word << 1) & 0x8080_8080_8080_8080).nonzeroBitCount
                place += 8
            }
            while place < raw.count {
                if raw[place] & 0xc0 == 0x80 { continuing += 1 }
                place += 1
            }
            return raw.count - continuing
        }
        return count ?? text.unicodeScalars.count
    }

    package mutating func merge(_ other: ColumnSketch) {
        records += other.records
        nulls += other.nulls
        valid += other.valid
        distinct.merge(other.distinct)
        categories.merge(other.categories)
        numbers.merge(other.numbers)
        lengths.merge(other.lengths)
        kinds = zip(kinds, other.kinds).map { $0 + $1 }
    }

    // MARK: Stored

    package var encoded: [UInt8] {
        var writer = SketchWriter()
        writer.put(Self.version)
        writer.put(UInt64(records))
        writer.put(UInt64(nulls))
        for count in kinds { writer.put(UInt64(count)) }
        distinct.encode(to: &writer)
        categories.encode(to: &writer)
        numbers.encode(to: &writer)
        lengths.encode(to: &writer)
        writer.put(UInt64(valid))
        return writer.bytes
    }

    /// Nil for bytes that are no sketch of a version this code knows.
    package init?(encoded bytes: [UInt8]) {
        var reader = SketchReader(bytes)
        guard let version = reader.number(), (1...Self.version).contains(version), let records = reader.number(),
            let nulls = reader.number()
        else { return nil }
        self.records = Int(clamping: records)
        self.nulls = Int(clamping: nulls)
        for place in kinds.indices {
            guard let count = reader.number() else { return nil }
            kinds[place] = Int(clamping: count)
        }
        guard let distinct = DistinctSketch(from: &reader), let categories = CategoryCounts(from: &reader),
            let numbers = QuantileSketch(from: &reader), let lengths = QuantileSketch(from: &reader),
            let valid = version == 1 ? 0 : reader.number(), reader.isAtEnd
        else { return nil }
        self.valid = Int(clamping: valid)
        (self.distinct, self.categories, self.numbers, self.lengths) = (distinct, categories, numbers, lengths)
    }
}
