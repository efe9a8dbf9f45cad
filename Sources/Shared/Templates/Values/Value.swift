import JSON

/// A value while a template is rendered: what Python has, with JSON arrays and objects taken as they are.
///
/// `integer` and `bigInteger` never hold the same number: the latter is always beyond `Int`.
enum Value {
    case undefined(Undefined)
    case none
    case bool(Bool)
    case integer(Int)
    case bigInteger(BigInteger)
    case float(Double)
    case string(String)
    /// A string that counts as escaped already.
    case markup(String)
    case bytes([UInt8])
    case list(ValueList)
    case tuple(ValueList)
    case dictionary(ValueDictionary)
    case object(TemplateObject)

    init(_ json: JSONValue) {
        switch json {
        case .null: self = .none
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .integer(Int(value))
        case .bigInteger(let text): self = Value(decimal: text)
        case .number(let value): self = .float(value)
        case .string(let text): self = .string(text)
        case .array(let elements): self = .list(ValueList(elements))
        case .object(let object): self = .dictionary(ValueDictionary(object))
        }
    }

    init(_ big: BigInteger) {
        self = big.small.map(Value.integer) ?? .bigInteger(big)
    }

    private init(decimal text: String) {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        let digits = text.utf8.dropFirst(isNegative ? 1 : 0)
        self = BigInteger(digits: digits, isNegative: isNegative).map(Value.init) ?? .string(text)
    }
}

extension Value {
    /// Containers inside containers are bounded, so that printing, comparing and freeing them cannot exhaust the stack.
    static let nestingLimit = 900

    static func makeList(_ values: [Value]) throws(TemplateError) -> Value {
        .list(try ValueList(checked: values))
    }

    static func makeTuple(_ values: [Value]) throws(TemplateError) -> Value {
        .tuple(try ValueList(checked: values))
    }

    static func makeDictionary(_ table: DictionaryTable) throws(TemplateError) -> Value {
        .dictionary(try ValueDictionary(checked: table))
    }

    /// A list of plain strings, which needs no check.
    static func strings(_ strings: [String]) -> Value {
        .list(ValueList(values: strings.map(Value.string), depth: 1))
    }

    /// Containers from here to the innermost value.
    var depth: Int {
        switch self {
        case .list(let list), .tuple(let list): list.depth
        case .dictionary(let dictionary): dictionary.depth
        case .object(let object): object.depth
        default: 0
        }
    }

    /// The text of a string, escaped or not.
    var text: String? {
        switch self {
        case .string(let text), .markup(let text): text
        default: nil
        }
    }

    var isUndefined: Bool { if case .undefined = self { true } else { false } }

    var isNone: Bool { if case .none = self { true } else { false } }

    var isMarkup: Bool { if case .markup = self { true } else { false } }

    /// The number as an Int where Python takes an index: an integer or a boolean.
    var index: Int? {
        switch self {
        case .integer(let value): value
        case .bool(let value): value ? 1 : 0
        default: nil
        }
    }

    /// Python's `type(x).__name__`.
    var typeName: String {
        switch self {
        case .undefined: "Undefined"
        case .none: "NoneType"
        case .bool: "bool"
        case .integer, .bigInteger: "int"
        case .float: "float"
        case .string: "str"
        case .markup: "Markup"
        case .bytes: "bytes"
        case .list: "list"
        case .tuple: "tuple"
        case .dictionary: "dict"
        case .object(let object): object.typeName
        }
    }
}
