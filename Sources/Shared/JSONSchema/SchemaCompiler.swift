import JSON

/// Turns a schema and what it refers to into nodes.
struct SchemaCompiler {
    /// Which node of a place is meant: one whose members are closed, or one that leaves that to the schema around it.
    private struct Key: Hashable {
        let document: Int
        let pointer: String
        let isOpen: Bool
    }

    static let deepest = 400

    let prunes: Bool
    private(set) var nodes: [SchemaNode?] = []
    private(set) var tracksEvaluated = false
    private(set) var dynamicNodes: [String: [Int: Int]] = [:]
    var registry = SchemaRegistry()
    private var places: [Key: Int] = [:]
    private var resources: [String: Int] = [:]
    private var patterns: [String: SchemaPattern] = [:]
    private var depth = 0

    init(prunes: Bool) { self.prunes = prunes }

    /// The root's node.
    mutating func compile(_ schema: JSONValue, documents: [String: JSONValue]) throws(SchemaError) -> Int {
        for (uri, document) in documents.sorted(by: { $0.key < $1.key }) { _ = registry.add(document, uri: uri) }
        let root = registry.add(schema, uri: "")
        return try node(root)
    }

    /// The node of a schema, compiled at its first use.
    mutating func node(_ place: SchemaLocation, isOpen: Bool = false) throws(SchemaError) -> Int {
        let key = Key(document: place.document, pointer: place.pointer, isOpen: isOpen && prunes)
        if let known = places[key] { return known }
        let index = nodes.count
        nodes.append(nil)
        places[key] = index
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw error(place, "the schema is nested deeper than \(Self.deepest)") }
        var node = SchemaNode(keywords: [], source: place.value, resource: resource(place.base))
        switch place.value {
        case .bool(let accepts): if !accepts { node.keywords = [.never] }
        case .object(let schema): node.keywords = try keywords(of: schema, at: place, isOpen: key.isOpen)
        default: throw error(place, "a schema must be an object, true or false, not \(place.value.kindName)")
        }
        nodes[index] = node
        return index
    }

    func error(_ place: SchemaLocation, _ reason: String) -> SchemaError {
        SchemaError(path: place.pointer, reason: reason)
    }

    private mutating func resource(_ base: String) -> Int {
        if let known = resources[base] { return known }
        resources[base] = resources.count
        return resources.count - 1
    }

    private mutating func keywords(
        of schema: JSONObject, at place: SchemaLocation, isOpen: Bool
    ) throws(SchemaError) -> [SchemaKeyword] {
        var keywords = try scalarKeywords(of: schema, at: place)
        keywords += try arrayKeywords(of: schema, at: place)
        keywords += try objectKeywords(of: schema, at: place, isOpen: isOpen)
        keywords += try applicators(of: schema, at: place, isOpen: isOpen)
        if let items = try child("unevaluatedItems", of: place) {
            tracksEvaluated = true
            keywords.append(.unevaluatedItems(items))
        }
        if let members = try child("unevaluatedProperties", of: place) {
            tracksEvaluated = true
            let isPruning = prunes && schema["unevaluatedProperties"] == .bool(false)
            keywords.append(isPruning ? .pruneUnevaluated : .unevaluatedProperties(members))
        }
        return keywords
    }

    /// The node of a keyword's schema; nil without the keyword.
    mutating func child(
        _ key: String, of place: SchemaLocation, isOpen: Bool = false
    ) throws(SchemaError) -> Int? {
        guard let child = place.child(key) else { return nil }
        return try node(child, isOpen: isOpen)
    }

    mutating func children(
        _ key: String, of place: SchemaLocation, isOpen: Bool = false
    ) throws(SchemaError) -> [Int]? {
        guard let list = place.child(key) else { return nil }
        guard case .array(let elements) = list.value else { throw error(list, "must be a list of schemas") }
        var nodes: [Int] = []
        for index in elements.indices {
            if let element = list.child("\(index)") { nodes.append(try node(element, isOpen: isOpen)) }
        }
        return nodes
    }

    /// The schemas of a mapping with their names.
    mutating func members(_ key: String, of place: SchemaLocation) throws(SchemaError) -> [(String, Int)] {
        guard let mapping = place.child(key) else { return [] }
        guard case .object(let object) = mapping.value else {
            throw error(mapping, "must be a mapping of names to schemas")
        }
        let fixed = SchemaLocation(
            value: mapping.value, pointer: mapping.pointer, document: mapping.document, base: place.base)
        var members: [(String, Int)] = []
        for name in object.keys {
            if let member = fixed.child(name) { members.append((name, try node(member))) }
        }
        return members
    }

    mutating func pattern(_ source: String, at place: SchemaLocation) throws(SchemaError) -> SchemaPattern {
        if let known = patterns[source] { return known }
        do throws(PatternError) {
            let pattern = try SchemaPattern(source)
            patterns[source] = pattern
            return pattern
        } catch {
            throw self.error(place, "the pattern \(source) cannot be read: \(error)")
        }
    }

    func count(_ key: String, of schema: JSONObject, at place: SchemaLocation) throws(SchemaError) -> Int? {
        guard let value = schema[key] else { return nil }
        guard let count = value.intValue, count >= 0 else {
            if let number = value.doubleValue, number >= 0 { return Int.max }
            throw SchemaError(path: "\(place.pointer)/\(key)", reason: "must be a number of at least 0")
        }
        return count
    }

    // MARK: References

    mutating func references(
        of schema: JSONObject, at place: SchemaLocation, isOpen: Bool
    ) throws(SchemaError) -> [SchemaKeyword] {
        var keywords: [SchemaKeyword] = []
        if let reference = schema["$ref"]?.stringValue {
            keywords.append(.reference(try node(try target(reference, at: place), isOpen: isOpen)))
        }
        if let reference = schema["$dynamicRef"]?.stringValue {
            let target = try target(reference, at: place)
            let name = SchemaURI.parts(of: reference).fragment
            let initial = try node(target, isOpen: isOpen)
            guard target.value["$dynamicAnchor"]?.stringValue == name else { return keywords + [.reference(initial)] }
            keywords.append(.dynamicReference(name: name, initial: initial))
            if dynamicNodes[name] == nil {
                dynamicNodes[name] = [:]
                for anchor in registry.dynamicAnchors[name] ?? [] {
                    let (node, resource) = (try node(anchor), resource(anchor.base))
                    dynamicNodes[name]?[resource] = node
                }
            }
        }
        return keywords
    }

    func target(_ reference: String, at place: SchemaLocation) throws(SchemaError) -> SchemaLocation {
        if let target = registry.target(of: reference, from: place.base) { return target }
        throw SchemaError(path: "\(place.pointer)/$ref", reason: "\(reference) leads nowhere")
    }
}
