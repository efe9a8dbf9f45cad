import JSON

/// What all values of a place in a JSON file have in common: one type for each column and each field inside it.
indirect enum JSONShape: Sendable, Hashable {
    /// Nothing but null so far.
    case none
    case boolean, integer, number
    /// Texts, with the kinds of times that all of them are.
    case text(CSVKinds.RawValue)
    case list(JSONShape)
    case object(names: [String], shapes: [String: JSONShape])
    /// Values of different types: each is kept as its JSON text.
    case mixed

    /// A moment with a space between day and time; `.timestamp` is one with a `T`.
    private static let spacedTimestamp = CSVKinds(rawValue: 512)
    static let maximumNames = 10_000

    init(of value: JSONValue) {
        switch value {
        case .null: self = .none
        case .bool: self = .boolean
        case .integer: self = .integer
        // Up to 128 bits an integer is kept as one.
        case .bigInteger(let digits): self = digits.utf8.count <= 38 ? .integer : .number
        case .number: self = .number
        case .string(let text): self = .text(Self.times(of: Array(text.utf8)).rawValue)
        case .array(let elements): self = .list(elements.reduce(.none) { $0.merged(with: JSONShape(of: $1)) })
        case .object(let object):
            var shapes: [String: JSONShape] = [:]
            for (name, value) in object { shapes[name] = JSONShape(of: value) }
            self = .object(names: object.keys, shapes: shapes)
        }
    }

    /// The kinds of times that DuckDB finds in texts of JSON: fewer forms than in CSV, and one for a whole column.
    private static func times(of text: [UInt8]) -> CSVKinds {
        let kinds = CSVKinds(of: text[...])
        var times = kinds.intersection(.time)
        if kinds.contains(.yearMonthDay), text.contains(UInt8(ascii: "-")) { times.insert(.yearMonthDay) }
        if kinds.contains(.timestamp), text.count == 19 || (text.count == 20 && text.last == UInt8(ascii: "Z")),
            !text.contains(UInt8(ascii: "."))
        {
            times.insert(text[10] == UInt8(ascii: "T") ? .timestamp : spacedTimestamp)
        }
        return times
    }

    func merged(with other: JSONShape) -> JSONShape {
        switch (self, other) {
        case (.none, let shape), (let shape, .none): return shape
        case (.boolean, .boolean), (.integer, .integer), (.number, .number), (.number, .integer), (.mixed, _):
            return self
        case (.integer, .number): return .number
        case (.text(let left), .text(let right)): return .text(left & right)
        case (.list(let left), .list(let right)): return .list(left.merged(with: right))
        case (.object(let names, let left), .object(let otherNames, let right)):
            if names == otherNames, left == right { return self }
            return .object(
                names: names + otherNames.filter { left[$0] == nil },
                shapes: left.merging(right) { $0.merged(with: $1) })
        default: return .mixed
        }
    }

    /// The value in this shape; nil when it has another.
    func value(_ value: JSONValue) -> JSONValue? {
        if value.isNull { return .null }
        switch (self, value) {
        case (.boolean, .bool), (.integer, .integer), (.integer, .bigInteger): return value
        case (.number, _): return value.doubleValue.map { .number($0) }
        case (.text(let kinds), .string(let text)):
            let bytes = Array(text.utf8)
            let kinds = CSVKinds(rawValue: kinds)
            guard !kinds.isEmpty else { return value }
            let kind =
                kinds.contains(.time) ? .time : kinds.contains(.yearMonthDay) ? .yearMonthDay : CSVKinds.timestamp
            return TimeText(bytes[...], as: kind).map { .string($0.isoText) }
        case (.list(let shape), .array(let elements)):
            var values: [JSONValue] = []
            for element in elements {
                guard let value = shape.value(element) else { return nil }
                values.append(value)
            }
            return .array(values)
        case (.object(let names, let shapes), .object(let object)):
            var values = JSONObject()
            values.reserveCapacity(names.count)
            for name in names {
                guard let value = (shapes[name] ?? .none).value(object[name] ?? .null) else { return nil }
                values[name] = value
            }
            return object.keys.allSatisfy { shapes[$0] != nil } ? .object(values) : nil
        case (.mixed, _): return .string(value.serialized())
        default: return nil
        }
    }
}
