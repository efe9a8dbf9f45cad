import JSON

/// One check of one value.
struct SchemaEvaluation {
    /// Schemas inside one another, references counted.
    static let deepest = 256
    /// Schemas applied in all: alternatives of alternatives multiply.
    static let mostSteps = 2_000_000

    let schema: JSONSchema
    /// Whether undeclared members are taken out now; off while a chosen alternative is checked once more.
    var prunes: Bool
    /// Counts what was changed in the value.
    var changes = 0
    private var steps = 0
    private var depth = 0
    /// Resources that were entered, the outermost first.
    private var scope: [Int] = []
    /// How far inside the whole value the one at hand is.
    private var level = 0
    /// References that are being followed.
    private var following: [(target: Int, level: Int)] = []

    init(_ schema: JSONSchema) {
        self.schema = schema
        prunes = schema.prunes
    }

    mutating func check(_ value: inout JSONValue) -> SchemaViolation? {
        var looked = Evaluated()
        return check(&value, schema.root, &looked)
    }

    /// Checks a value against a node; `outer` learns what the node looked at.
    mutating func check(_ value: inout JSONValue, _ index: Int, _ outer: inout Evaluated) -> SchemaViolation? {
        depth += 1
        steps += 1
        defer { depth -= 1 }
        let node = schema.nodes[index]
        guard depth <= Self.deepest, steps <= Self.mostSteps else {
            return SchemaViolation(
                "$ref", "checking it takes too much work", schema: .bool(true), instance: .null)
        }
        let entersResource = !schema.dynamicAnchors.isEmpty && scope.last != node.resource
        if entersResource { scope.append(node.resource) }
        defer { if entersResource { scope.removeLast() } }
        var looked = Evaluated()
        for keyword in node.keywords {
            if let violation = check(&value, keyword, node, &looked) { return violation }
        }
        if schema.tracksEvaluated { outer.merge(looked) }
        return nil
    }

    /// As `check`, of an element, a member or a name of the value at hand.
    mutating func checkInside(_ part: inout JSONValue, _ index: Int) -> SchemaViolation? {
        level += 1
        defer { level -= 1 }
        var unused = Evaluated()
        return check(&part, index, &unused)
    }

    /// As `matches`, likewise.
    mutating func matchesInside(_ part: JSONValue, _ index: Int) -> Bool {
        level += 1
        defer { level -= 1 }
        var unused = Evaluated()
        return matches(part, index, &unused)
    }

    /// Follows a reference. One that leads back to itself with the same value would do so for ever, and in alternatives
    /// as often as they multiply.
    private mutating func follow(
        _ target: Int, _ value: inout JSONValue, _ looked: inout Evaluated
    ) -> SchemaViolation? {
        let isAgain = following.contains { $0.target == target && $0.level == level }
        guard !isAgain else {
            return SchemaViolation(
                "$ref", "the schema refers to itself without end", schema: .bool(true), instance: .null)
        }
        following.append((target, level))
        defer { following.removeLast() }
        return check(&value, target, &looked)
    }

    /// As `check`, on a copy: the value stays, whatever the node would take out of it.
    mutating func matches(_ value: JSONValue, _ index: Int, _ looked: inout Evaluated) -> Bool {
        var copy = value
        let before = changes
        defer { changes = before }
        return check(&copy, index, &looked) == nil
    }

    private mutating func check(
        _ value: inout JSONValue, _ keyword: SchemaKeyword, _ node: SchemaNode, _ looked: inout Evaluated
    ) -> SchemaViolation? {
        switch keyword {
        case .never: return fail("false", "nothing is allowed here", node, value)
        case .types(let types):
            if types.accepts(value) { return nil }
            let wanted = SchemaTypes.byName.filter { types.contains($0.value) }.keys.sorted()
            return fail("type", "\(Self.shown(value)) is not of type \(wanted.joined(separator: " or "))", node, value)
        case .constant(let constant):
            if SchemaEquality.areEqual(value, constant) { return nil }
            return fail("const", "\(Self.shown(value)) is not \(Self.shown(constant))", node, value)
        case .oneOfValues(let values):
            if values.contains(where: { SchemaEquality.areEqual($0, value) }) { return nil }
            let list = Self.shown(.array(values))
            return fail("enum", "\(Self.shown(value)) is not one of \(list)", node, value)
        case .minimum, .maximum, .multipleOf: return checkNumber(value, keyword, node)
        case .length, .pattern: return checkText(value, keyword, node)
        case .itemCount, .uniqueItems, .items, .contains, .unevaluatedItems:
            return checkArray(&value, keyword, node, &looked)
        case .propertyCount, .required, .dependentRequired, .propertyNames, .properties, .unevaluatedProperties,
            .pruneUnevaluated:
            return checkObject(&value, keyword, node, &looked)
        case .dependentSchemas(let schemas):
            for (name, dependent) in schemas where value.objectValue?.contains(name) == true {
                if let violation = check(&value, dependent, &looked) { return violation }
            }
            return nil
        case .reference(let target): return follow(target, &value, &looked)
        case .dynamicReference(let name, let initial):
            let anchors = schema.dynamicAnchors[name] ?? [:]
            let target = scope.lazy.compactMap { anchors[$0] }.first ?? initial
            return follow(target, &value, &looked)
        case .allOf(let parts):
            for part in parts {
                if let violation = check(&value, part, &looked) { return violation }
            }
            return nil
        case .anyOf, .oneOf: return checkAlternatives(&value, keyword, node, &looked)
        case .not(let part):
            var unused = Evaluated()
            if !matches(value, part, &unused) { return nil }
            return fail("not", "\(Self.shown(value)) is what it should not be", node, value)
        case .conditional(let condition, let then, let otherwise):
            var lookedByCondition = Evaluated()
            let holds = matches(value, condition, &lookedByCondition)
            if holds { looked.merge(lookedByCondition) }
            guard let branch = holds ? then : otherwise else { return nil }
            return check(&value, branch, &looked)
        }
    }

    // MARK: Scalars

    private func checkNumber(_ value: JSONValue, _ keyword: SchemaKeyword, _ node: SchemaNode) -> SchemaViolation? {
        switch keyword {
        case .minimum(let bound, let isExclusive):
            guard let order = SchemaEquality.compare(value, bound), order < 0 || (isExclusive && order == 0) else {
                return nil
            }
            let text = isExclusive ? "is not above" : "is less than the minimum of"
            return fail("minimum", "\(Self.shown(value)) \(text) \(Self.shown(bound))", node, value)
        case .maximum(let bound, let isExclusive):
            guard let order = SchemaEquality.compare(value, bound), order > 0 || (isExclusive && order == 0) else {
                return nil
            }
            let text = isExclusive ? "is not below" : "is greater than the maximum of"
            return fail("maximum", "\(Self.shown(value)) \(text) \(Self.shown(bound))", node, value)
        case .multipleOf(let step):
            guard let decimal = SchemaDecimal(value), !decimal.isMultiple(of: step) else { return nil }
            let wanted = Self.shown(node.source["multipleOf"] ?? .null)
            return fail("multipleOf", "\(Self.shown(value)) is not a multiple of \(wanted)", node, value)
        default: return nil
        }
    }

    private func checkText(_ value: JSONValue, _ keyword: SchemaKeyword, _ node: SchemaNode) -> SchemaViolation? {
        guard case .string(let text) = value else { return nil }
        switch keyword {
        case .length(let least, let most):
            // Code points are at most as many as bytes, and at least a quarter of them.
            let bytes = text.utf8.count
            if bytes >= (least ?? 0) * 4, bytes <= most ?? .max { return nil }
            let count = text.unicodeScalars.count
            if let least, count < least {
                return fail("minLength", "\(Self.shown(value)) is shorter than \(least)", node, value)
            }
            if let most, count > most {
                return fail("maxLength", "\(Self.shown(value)) is longer than \(most)", node, value)
            }
            return nil
        case .pattern(let pattern):
            switch pattern.search(text) {
            case .found: return nil
            case .notFound:
                return fail("pattern", "\(Self.shown(value)) does not match the pattern \(pattern.source)", node, value)
            case .tooMuchWork:
                return fail("pattern", "the pattern \(pattern.source) takes too long on it", node, value)
            }
        default: return nil
        }
    }

    func fail(_ keyword: String, _ message: String, _ node: SchemaNode, _ value: JSONValue) -> SchemaViolation {
        SchemaViolation(keyword, message, schema: node.source, instance: value)
    }

    /// A value for a message: its JSON, shortened.
    static func shown(_ value: JSONValue) -> String {
        let text: String
        switch value {
        case .string(let string) where string.utf8.count > 400:
            text = JSONValue.string(String(string.prefix(80))).serialized()
        case .array(let elements) where elements.count > 40: return "a list of \(elements.count)"
        case .object(let object) where object.count > 40: return "an object of \(object.count) members"
        default: text = value.serialized(.pythonUnicode)
        }
        return text.utf8.count > 160 ? text.prefix(120) + "..." : text
    }
}
