import JSON

extension SchemaEvaluation {
    // MARK: Arrays

    mutating func checkArray(
        _ value: inout JSONValue, _ keyword: SchemaKeyword, _ node: SchemaNode, _ looked: inout Evaluated
    ) -> SchemaViolation? {
        guard case .array(let elements) = value else { return nil }
        switch keyword {
        case .itemCount(let least, let most):
            if let least, elements.count < least {
                return fail("minItems", "it has \(elements.count) elements, fewer than \(least)", node, value)
            }
            if let most, elements.count > most {
                return fail("maxItems", "it has \(elements.count) elements, more than \(most)", node, value)
            }
            return nil
        case .uniqueItems:
            guard let place = SchemaEquality.firstRepeat(in: elements) else { return nil }
            return fail("uniqueItems", "the element \(Self.shown(elements[place])) is there twice", node, value)
        case .items(let prefix, let rest):
            looked.prefix = max(looked.prefix, min(prefix.count, elements.count))
            if rest != nil { looked.hasAllItems = true }
            return checkElements(&value, elements) { $0 < prefix.count ? prefix[$0] : rest }
        case .contains(let part, let least, let most):
            var count = 0
            for (place, element) in elements.enumerated() {
                guard matchesInside(element, part) else { continue }
                count += 1
                looked.items.insert(place)
            }
            if count < least {
                return fail("contains", "only \(count) of its elements are what \(least) must be", node, value)
            }
            if let most, count > most {
                return fail("maxContains", "\(count) of its elements are what at most \(most) may be", node, value)
            }
            return nil
        case .unevaluatedItems(let part):
            let known = looked
            looked.hasAllItems = true
            return checkElements(&value, elements) { known.hasItem($0) ? nil : part }
        default: return nil
        }
    }

    private mutating func checkElements(
        _ value: inout JSONValue, _ elements: [JSONValue], _ part: (Int) -> Int?
    ) -> SchemaViolation? {
        var changed: [JSONValue]?
        for place in elements.indices {
            guard let part = part(place) else { continue }
            var element = elements[place]
            let before = changes
            if var violation = checkInside(&element, part) {
                violation.prepend(index: place)
                return violation
            }
            if changes != before {
                if changed == nil { changed = elements }
                changed?[place] = element
            }
        }
        if let changed { value = .array(changed) }
        return nil
    }

    // MARK: Objects

    mutating func checkObject(
        _ value: inout JSONValue, _ keyword: SchemaKeyword, _ node: SchemaNode, _ looked: inout Evaluated
    ) -> SchemaViolation? {
        guard case .object(let object) = value else { return nil }
        switch keyword {
        case .propertyCount(let least, let most):
            if let least, object.count < least {
                return fail("minProperties", "it has \(object.count) members, fewer than \(least)", node, value)
            }
            if let most, object.count > most {
                return fail("maxProperties", "it has \(object.count) members, more than \(most)", node, value)
            }
            return nil
        case .required(let names):
            guard let missing = names.first(where: { !object.contains($0) }) else { return nil }
            return fail("required", "the required member \"\(missing)\" is missing", node, value)
        case .dependentRequired(let needs):
            for (name, needed) in needs where object.contains(name) {
                guard let missing = needed.first(where: { !object.contains($0) }) else { continue }
                return fail("dependentRequired", "\"\(missing)\" is missing beside \"\(name)\"", node, value)
            }
            return nil
        case .propertyNames(let part):
            for name in object.keys {
                var key = JSONValue.string(name)
                if let violation = checkInside(&key, part) { return violation }
            }
            return nil
        case .properties(let properties): return checkMembers(&value, object, properties, &looked)
        case .unevaluatedProperties(let part):
            for (name, member) in object where !looked.hasName(name) {
                var member = member
                if var violation = checkInside(&member, part) {
                    violation.prepend(key: name)
                    return violation
                }
            }
            looked.hasAllNames = true
            return nil
        case .pruneUnevaluated:
            let unknown = object.keys.filter { !looked.hasName($0) }
            guard !unknown.isEmpty else { return nil }
            guard prunes else {
                return fail("unevaluatedProperties", "\"\(unknown[0])\" is not declared", node, value)
            }
            value = .object(JSONObject(object.filter { looked.hasName($0.key) }.map { ($0.key, $0.value) }))
            changes += 1
            return nil
        default: return nil
        }
    }

    private mutating func checkMembers(
        _ value: inout JSONValue, _ object: JSONObject, _ properties: SchemaProperties, _ looked: inout Evaluated
    ) -> SchemaViolation? {
        var changed: JSONObject?
        var known = 0
        for (name, part) in properties.named {
            guard let place = object.place(of: name) else { continue }
            known += 1
            if schema.tracksEvaluated { looked.names.insert(ExactString(name)) }
            if let violation = checkMember(object[place].value, name, part, &changed, object) { return violation }
        }
        let isRestAny = if case .any = properties.rest { true } else { false }
        // Mostly every member has its name in the schema.
        if known < object.count, !isRestAny || !properties.patterns.isEmpty {
            for (name, member) in object {
                let isNamed = properties.named.contains { ExactString($0.name) == ExactString(name) }
                var isMatched = false
                for (pattern, part) in properties.patterns where pattern.search(name) == .found {
                    isMatched = true
                    let now = changed?[name] ?? member
                    if let violation = checkMember(now, name, part, &changed, object) { return violation }
                }
                if isMatched, schema.tracksEvaluated { looked.names.insert(ExactString(name)) }
                if isNamed || isMatched { continue }
                if let violation = checkRest(member, name, properties.rest, &changed, object) { return violation }
            }
        } else if !properties.patterns.isEmpty {
            for (name, member) in object {
                for (pattern, part) in properties.patterns where pattern.search(name) == .found {
                    let now = changed?[name] ?? member
                    if let violation = checkMember(now, name, part, &changed, object) { return violation }
                }
            }
        }
        if case .node = properties.rest { looked.hasAllNames = true }
        if let changed { value = .object(changed) }
        return nil
    }

    private mutating func checkMember(
        _ member: JSONValue, _ name: String, _ part: Int, _ changed: inout JSONObject?, _ object: JSONObject
    ) -> SchemaViolation? {
        var member = member
        let before = changes
        if var violation = checkInside(&member, part) {
            violation.prepend(key: name)
            return violation
        }
        if changes != before {
            if changed == nil { changed = object }
            changed?[name] = member
        }
        return nil
    }

    private mutating func checkRest(
        _ member: JSONValue, _ name: String, _ rest: SchemaProperties.Rest, _ changed: inout JSONObject?,
        _ object: JSONObject
    ) -> SchemaViolation? {
        switch rest {
        case .any: return nil
        case .node(let part): return checkMember(member, name, part, &changed, object)
        case .prune(let names, let patterns):
            if names.contains(ExactString(name)) || patterns.contains(where: { $0.search(name) == .found }) {
                return nil
            }
            guard prunes else {
                return SchemaViolation(
                    "additionalProperties", "\"\(name)\" is not declared", schema: .bool(false), instance: member)
            }
            if changed == nil { changed = object }
            changed?.removeValue(forKey: name)
            changes += 1
            return nil
        }
    }
}
