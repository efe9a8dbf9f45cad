/// One JSON value, exact for integers of any size.
///
/// Equality is exact and kind-sensitive: `1`, `1.0` and `"1"` differ, and two strings are equal only when their UTF-8
/// bytes are (unlike `String`, which compares canonical equivalents as equal). The order of an object's keys does not
/// count.
package enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// An integer beyond `Int64` as its exact decimal text: an optional `-`, no leading zeros.
    case bigInteger(String)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue: Hashable {
    package static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.bigInteger(let left), .bigInteger(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): ExactString(left) == ExactString(right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0 as UInt8)
        case .bool(let value): hasher.combine(value)
        case .integer(let value): hasher.combine(value)
        case .bigInteger(let text): hasher.combine(text)
        case .number(let value): hasher.combine(value)
        case .string(let text): hasher.combine(ExactString(text))
        case .array(let elements): hasher.combine(elements)
        case .object(let object): hasher.combine(object)
        }
    }
}

extension JSONValue {
    /// The value of `key` when this is an object that has it, else nil.
    package subscript(key: String) -> JSONValue? {
        if case .object(let object) = self { object[key] } else { nil }
    }

    /// The element at `index` when this is an array that is long enough, else nil.
    package subscript(index: Int) -> JSONValue? {
        if case .array(let elements) = self, elements.indices.contains(index) { elements[index] } else { nil }
    }

    package var isNull: Bool { if case .null = self { true } else { false } }

    package var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// The integer, nil for any other kind, for a number with a fraction, and beyond `Int64`. `3.0` is 3.
    package var intValue: Int? {
        switch self {
        case .integer(let value): Int(value)
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    /// The number as a Double, rounded where it has no exact one; nil for any other kind.
    package var doubleValue: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .bigInteger(let text): Double(text)
        case .number(let value): value
        default: nil
        }
    }

    package var stringValue: String? { if case .string(let text) = self { text } else { nil } }

    package var arrayValue: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }

    package var objectValue: JSONObject? { if case .object(let object) = self { object } else { nil } }

    /// What kind of value this is, in JSON Schema's words: null, boolean, integer, number, string, array, object.
    package var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .integer, .bigInteger: "integer"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    package init(nilLiteral: ()) { self = .null }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(stringLiteral value: String) { self = .string(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
}

extension JSONValue: CustomStringConvertible {
    package var description: String { serialized() }
}
