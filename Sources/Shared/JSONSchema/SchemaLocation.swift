import JSON

/// A schema in its document.
struct SchemaLocation: Sendable {
    let value: JSONValue
    /// A JSON Pointer from the document's root.
    let pointer: String
    /// Which document.
    let document: Int
    /// The URI that references in it are relative to.
    let base: String

    /// What stands below: the member of an object, or the element of a list.
    func child(_ key: String) -> SchemaLocation? {
        let child: JSONValue? =
            switch value {
            case .object(let object): object[key]
            case .array: Int(key).flatMap { value[$0] }
            default: Optional.none
            }
        guard let child else { return nil }
        let escaped = key.replacing("~", with: "~0").replacing("/", with: "~1")
        return SchemaLocation(
            value: child, pointer: "\(pointer)/\(escaped)", document: document,
            base: child["$id"]?.stringValue.map { Self.base($0, within: base) } ?? base)
    }

    /// The base that an `$id` gives; one that is a fragment alone gives none.
    static func base(_ id: String, within base: String) -> String {
        SchemaURI.parts(of: SchemaURI.resolve(id, against: base)).document
    }

    /// What a JSON Pointer leads to.
    func following(pointer: String) -> SchemaLocation? {
        var place = self
        for part in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let key = part.replacing("~1", with: "/").replacing("~0", with: "~")
            guard let next = place.child(String(key)) else { return nil }
            place = next
        }
        return place
    }
}

/// The schemas that can be referred to: resources by URI, anchors by URI and name.
struct SchemaRegistry: Sendable {
    private(set) var resources: [String: SchemaLocation] = [:]
    private(set) var anchors: [String: SchemaLocation] = [:]
    /// By name: every schema with that `$dynamicAnchor`.
    private(set) var dynamicAnchors: [String: [SchemaLocation]] = [:]
    private var count = 0

    private static let single = [
        "additionalProperties", "additionalItems", "items", "contains", "not", "if", "then", "else", "propertyNames",
        "unevaluatedItems", "unevaluatedProperties", "contentSchema",
    ]
    private static let lists = ["allOf", "anyOf", "oneOf", "prefixItems", "items"]
    private static let mappings = [
        "properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies",
    ]

    /// Takes in a document.
    mutating func add(_ document: JSONValue, uri: String) -> SchemaLocation {
        let base = document["$id"]?.stringValue.map { SchemaLocation.base($0, within: uri) } ?? uri
        let root = SchemaLocation(value: document, pointer: "", document: count, base: base)
        count += 1
        resources[uri] = root
        resources[base] = root
        visit(root)
        return root
    }

    private mutating func visit(_ place: SchemaLocation) {
        guard case .object(let schema) = place.value else { return }
        if let id = schema["$id"]?.stringValue {
            if id.hasPrefix("#") { anchors[place.base + id] = place } else { resources[place.base] = place }
        }
        if let name = schema["$anchor"]?.stringValue { anchors["\(place.base)#\(name)"] = place }
        if let name = schema["$dynamicAnchor"]?.stringValue {
            anchors["\(place.base)#\(name)"] = place
            dynamicAnchors[name, default: []].append(place)
        }
        for key in Self.single where schema[key]?.objectValue != nil { place.child(key).map { visit($0) } }
        for key in Self.lists {
            guard case .array(let elements)? = schema[key], let list = place.child(key) else { continue }
            for index in elements.indices { list.child("\(index)").map { visit($0) } }
        }
        for key in Self.mappings {
            guard case .object(let members)? = schema[key], let mapping = place.child(key) else { continue }
            // A member named $id is a property there, not an identifier of the mapping.
            let fixed = SchemaLocation(
                value: mapping.value, pointer: mapping.pointer, document: mapping.document, base: place.base)
            for name in members.keys { fixed.child(name).map { visit($0) } }
        }
    }

    /// What a reference leads to.
    func target(of reference: String, from base: String) -> SchemaLocation? {
        let (document, fragment) = SchemaURI.parts(of: SchemaURI.resolve(reference, against: base))
        let decoded = SchemaURI.percentDecoded(fragment)
        if decoded.isEmpty { return resources[document] }
        if decoded.hasPrefix("/") { return resources[document]?.following(pointer: decoded) }
        return anchors["\(document)#\(decoded)"]
    }
}
