import JSON

/// One schema object or boolean, compiled; others are named by their places in `JSONSchema.nodes`.
struct SchemaNode: Sendable {
    /// In the order in which they are checked: what is cheap comes first, what asks about the others last.
    var keywords: [SchemaKeyword]
    /// As it was written.
    let source: JSONValue
    /// The schema resource that it belongs to, for dynamic references.
    let resource: Int
}

indirect enum SchemaKeyword: Sendable {
    case never
    case types(SchemaTypes)
    case constant(JSONValue)
    case oneOfValues([JSONValue])
    case minimum(JSONValue, isExclusive: Bool)
    case maximum(JSONValue, isExclusive: Bool)
    case multipleOf(SchemaDecimal)
    case length(least: Int?, most: Int?)
    case pattern(SchemaPattern)
    case itemCount(least: Int?, most: Int?)
    case uniqueItems
    case items(prefix: [Int], rest: Int?)
    case contains(Int, least: Int, most: Int?)
    case propertyCount(least: Int?, most: Int?)
    case required([String])
    case dependentRequired([(name: String, needed: [String])])
    case dependentSchemas([(name: String, node: Int)])
    case propertyNames(Int)
    case properties(SchemaProperties)
    case reference(Int)
    case dynamicReference(name: String, initial: Int)
    case allOf([Int])
    case anyOf([Int], decimal: DecimalRule?)
    case oneOf([Int], SchemaDiscriminator?)
    case not(Int)
    case conditional(condition: Int, then: Int?, otherwise: Int?)
    case unevaluatedItems(Int)
    case unevaluatedProperties(Int)
    /// Members that nothing looked at are taken out.
    case pruneUnevaluated
}

/// `properties`, `patternProperties` and `additionalProperties`, which are one question: whose is this member?
struct SchemaProperties: Sendable {
    enum Rest: Sendable {
        case any
        case node(Int)
        /// Taken out. Members of these names and patterns are declared elsewhere.
        case prune(names: Set<ExactString>, patterns: [SchemaPattern])
    }

    var named: [(name: String, node: Int)] = []
    var patterns: [(pattern: SchemaPattern, node: Int)] = []
    var rest = Rest.any
}

/// OpenAPI's `discriminator`: the value of one member says which alternative is meant.
struct SchemaDiscriminator: Sendable {
    let property: String
    let mapping: [String: Int]
}

/// How pydantic writes a decimal: a number, or a text with a pattern that may bound its decimal places.
struct DecimalRule: Sendable {
    let places: Int?
}

struct SchemaTypes: OptionSet, Sendable {
    let rawValue: UInt8

    static let null = SchemaTypes(rawValue: 1)
    static let boolean = SchemaTypes(rawValue: 2)
    static let integer = SchemaTypes(rawValue: 4)
    static let number = SchemaTypes(rawValue: 8)
    static let string = SchemaTypes(rawValue: 16)
    static let array = SchemaTypes(rawValue: 32)
    static let object = SchemaTypes(rawValue: 64)

    static let byName: [String: SchemaTypes] = [
        "null": .null, "boolean": .boolean, "integer": .integer, "number": .number, "string": .string,
        "array": .array, "object": .object,
    ]

    /// An integer is a number too, and a number without a fraction is an integer.
    func accepts(_ value: JSONValue) -> Bool {
        switch value {
        case .null: contains(.null)
        case .bool: contains(.boolean)
        case .integer, .bigInteger: !isDisjoint(with: [.integer, .number])
        case .number(let number):
            contains(.number) || (contains(.integer) && number.isFinite && number.rounded() == number)
        case .string: contains(.string)
        case .array: contains(.array)
        case .object: contains(.object)
        }
    }
}
