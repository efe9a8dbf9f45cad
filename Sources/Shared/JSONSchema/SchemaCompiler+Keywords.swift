import JSON

extension SchemaCompiler {
    func scalarKeywords(
        of schema: JSONObject, at place: SchemaLocation
    ) throws(SchemaError) -> [SchemaKeyword] {
        var keywords: [SchemaKeyword] = []
        if let type = schema["type"] { keywords.append(.types(try types(type, at: place))) }
        if let constant = schema["const"] { keywords.append(.constant(constant)) }
        if let values = schema["enum"]?.arrayValue { keywords.append(.oneOfValues(values)) }
        for (key, isMinimum) in [("minimum", true), ("maximum", false)] {
            guard let bound = schema[key] else { continue }
            guard bound.doubleValue != nil else {
                throw SchemaError(path: "\(place.pointer)/\(key)", reason: "must be a number")
            }
            let exclusive = schema[isMinimum ? "exclusiveMinimum" : "exclusiveMaximum"] == .bool(true)
            keywords.append(
                isMinimum ? .minimum(bound, isExclusive: exclusive) : .maximum(bound, isExclusive: exclusive))
        }
        if let bound = schema["exclusiveMinimum"], bound.doubleValue != nil {
            keywords.append(.minimum(bound, isExclusive: true))
        }
        if let bound = schema["exclusiveMaximum"], bound.doubleValue != nil {
            keywords.append(.maximum(bound, isExclusive: true))
        }
        if let step = schema["multipleOf"] {
            guard let decimal = SchemaDecimal(step), !decimal.isZero, !decimal.isNegative else {
                throw SchemaError(path: "\(place.pointer)/multipleOf", reason: "must be a number above 0")
            }
            keywords.append(.multipleOf(decimal))
        }
        let (least, most) = (
            try count("minLength", of: schema, at: place), try count("maxLength", of: schema, at: place)
        )
        if least != nil || most != nil { keywords.append(.length(least: least, most: most)) }
        return keywords
    }

    private func types(_ value: JSONValue, at place: SchemaLocation) throws(SchemaError) -> SchemaTypes {
        let names = value.arrayValue ?? [value]
        var types: SchemaTypes = []
        for name in names {
            guard let type = name.stringValue.flatMap({ SchemaTypes.byName[$0] }) else {
                throw SchemaError(path: "\(place.pointer)/type", reason: "\(name) is no type of JSON")
            }
            types.insert(type)
        }
        return types
    }

    mutating func arrayKeywords(
        of schema: JSONObject, at place: SchemaLocation
    ) throws(SchemaError) -> [SchemaKeyword] {
        var keywords: [SchemaKeyword] = []
        if let source = schema["pattern"]?.stringValue { keywords.append(.pattern(try pattern(source, at: place))) }
        let (least, most) = (try count("minItems", of: schema, at: place), try count("maxItems", of: schema, at: place))
        if least != nil || most != nil { keywords.append(.itemCount(least: least, most: most)) }
        if schema["uniqueItems"] == .bool(true) { keywords.append(.uniqueItems) }
        if case .array? = schema["items"] {
            let rest = try child("additionalItems", of: place)
            keywords.append(.items(prefix: try children("items", of: place) ?? [], rest: rest))
        } else {
            let prefix = try children("prefixItems", of: place) ?? []
            let rest = try child("items", of: place)
            if !prefix.isEmpty || rest != nil { keywords.append(.items(prefix: prefix, rest: rest)) }
        }
        if let node = try child("contains", of: place) {
            let least = try count("minContains", of: schema, at: place) ?? 1
            keywords.append(.contains(node, least: least, most: try count("maxContains", of: schema, at: place)))
        }
        return keywords
    }

    mutating func objectKeywords(
        of schema: JSONObject, at place: SchemaLocation, isOpen: Bool
    ) throws(SchemaError) -> [SchemaKeyword] {
        var keywords: [SchemaKeyword] = []
        let least = try count("minProperties", of: schema, at: place)
        let most = try count("maxProperties", of: schema, at: place)
        if least != nil || most != nil { keywords.append(.propertyCount(least: least, most: most)) }
        if let names = schema["required"]?.arrayValue {
            keywords.append(.required(names.compactMap(\.stringValue)))
        }
        if let names = try child("propertyNames", of: place) { keywords.append(.propertyNames(names)) }
        var needs: [(name: String, needed: [String])] = []
        var schemas: [(name: String, node: Int)] = try members("dependentSchemas", of: place).map { ($0, $1) }
        for key in ["dependentRequired", "dependencies"] {
            guard case .object(let members)? = schema[key], let mapping = place.child(key) else { continue }
            for (name, value) in members {
                if let names = value.arrayValue {
                    needs.append((name, names.compactMap(\.stringValue)))
                } else if key == "dependencies", let member = mapping.child(name) {
                    schemas.append((name, try node(member)))
                }
            }
        }
        if !needs.isEmpty { keywords.append(.dependentRequired(needs)) }
        var properties = SchemaProperties()
        properties.named = try members("properties", of: place).map { ($0, $1) }
        for (source, node) in try members("patternProperties", of: place) {
            properties.patterns.append((try pattern(source, at: place), node))
        }
        properties.rest = try rest(of: schema, at: place, isOpen: isOpen)
        var isNeeded = !properties.named.isEmpty || !properties.patterns.isEmpty
        if case .any = properties.rest {} else { isNeeded = true }
        if isNeeded { keywords.append(.properties(properties)) }
        if !schemas.isEmpty { keywords.append(.dependentSchemas(schemas)) }
        return keywords
    }

    /// What is to be done with members that are neither named nor match a pattern.
    private mutating func rest(
        of schema: JSONObject, at place: SchemaLocation, isOpen: Bool
    ) throws(SchemaError) -> SchemaProperties.Rest {
        if let given = schema["additionalProperties"] {
            if prunes, given == .bool(false) { return .prune(names: [], patterns: []) }
            return try child("additionalProperties", of: place).map { .node($0) } ?? .any
        }
        guard prunes, !isOpen, let declared = SchemaClosing.declared(by: place, registry) else { return .any }
        var patterns: [SchemaPattern] = []
        for source in declared.patterns { patterns.append(try pattern(source, at: place)) }
        return .prune(names: declared.names, patterns: patterns)
    }

    mutating func applicators(
        of schema: JSONObject, at place: SchemaLocation, isOpen: Bool
    ) throws(SchemaError) -> [SchemaKeyword] {
        // A schema that is closed closes what it is composed of: the parts leave it to the whole.
        let closesParts = isOpen || (prunes && SchemaClosing.declared(by: place, registry) != nil)
        var keywords = try references(of: schema, at: place, isOpen: closesParts)
        if let nodes = try children("allOf", of: place, isOpen: closesParts) { keywords.append(.allOf(nodes)) }
        if let nodes = try children("anyOf", of: place) {
            keywords.append(.anyOf(nodes, decimal: prunes ? decimal(schema["anyOf"]) : nil))
        }
        if let nodes = try children("oneOf", of: place) {
            keywords.append(.oneOf(nodes, prunes ? try discriminator(schema["discriminator"], at: place) : nil))
        }
        if let node = try child("not", of: place) { keywords.append(.not(node)) }
        if let condition = try child("if", of: place) {
            keywords.append(
                .conditional(
                    condition: condition, then: try child("then", of: place, isOpen: closesParts),
                    otherwise: try child("else", of: place, isOpen: closesParts)))
        }
        return keywords
    }

    /// A number beside a text with a pattern is a decimal; `\d{0,2}` in the pattern bounds its places.
    private func decimal(_ alternatives: JSONValue?) -> DecimalRule? {
        guard let alternatives = alternatives?.arrayValue,
            alternatives.contains(where: { $0["type"]?.stringValue == "number" }),
            let pattern = alternatives.first(where: { $0["type"]?.stringValue == "string" && $0["pattern"] != nil })?[
                "pattern"]?.stringValue
        else { return nil }
        let marker = Array(#"\d{0,"#.utf8)
        let bytes = Array(pattern.utf8)
        for start in bytes.indices where bytes[start...].starts(with: marker) {
            let digits = bytes[(start + marker.count)...].prefix { $0 >= 0x30 && $0 <= 0x39 }
            let end = start + marker.count + digits.count
            if end < bytes.count, bytes[end] == UInt8(ascii: "}"),
                let places = Int(String(decoding: digits, as: UTF8.self)),
                places < 400
            {
                return DecimalRule(places: places)
            }
        }
        return DecimalRule(places: nil)
    }

    private mutating func discriminator(
        _ value: JSONValue?, at place: SchemaLocation
    ) throws(SchemaError) -> SchemaDiscriminator? {
        guard let property = value?["propertyName"]?.stringValue, let mapping = value?["mapping"]?.objectValue,
            !mapping.isEmpty
        else { return nil }
        var nodes: [String: Int] = [:]
        for (name, reference) in mapping {
            guard let reference = reference.stringValue else { continue }
            nodes[name] = try node(try target(reference, at: place))
        }
        return SchemaDiscriminator(property: property, mapping: nodes)
    }
}
