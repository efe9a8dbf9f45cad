import JSON

extension SchemaEvaluation {
    /// An alternative that holds: the value as it leaves it, and what it looked at.
    private struct Match {
        let value: JSONValue
        let looked: Evaluated
        let isChanged: Bool
    }

    /// `anyOf` and `oneOf`. Each alternative works on its own copy; one that changes nothing is preferred.
    mutating func checkAlternatives(
        _ value: inout JSONValue, _ keyword: SchemaKeyword, _ node: SchemaNode, _ looked: inout Evaluated
    ) -> SchemaViolation? {
        switch keyword {
        case .anyOf(let parts, let decimal):
            if let violation = checkAny(&value, parts, node, &looked) { return violation }
            if let decimal { normalize(&value, decimal) }
            return nil
        case .oneOf(let parts, let discriminator):
            if prunes, let discriminator, let tag = value.objectValue?[discriminator.property] {
                guard let part = discriminator.mapping[Self.text(of: tag)] else {
                    let known = discriminator.mapping.keys.sorted().joined(separator: ", ")
                    let message = "\(Self.shown(tag)) is no value of \"\(discriminator.property)\"; there are: \(known)"
                    return fail("discriminator", message, node, value)
                }
                return check(&value, part, &looked)
            }
            return checkOne(&value, parts, node, &looked)
        default: return nil
        }
    }

    private mutating func checkAny(
        _ value: inout JSONValue, _ parts: [Int], _ node: SchemaNode, _ looked: inout Evaluated
    ) -> SchemaViolation? {
        var chosen: Match?
        var violations: [SchemaViolation] = []
        for part in parts {
            switch attempt(value, part) {
            case .success(let match):
                // All that hold have looked, also behind the first.
                if schema.tracksEvaluated { looked.merge(match.looked) }
                if chosen == nil || (chosen?.isChanged == true && !match.isChanged) { chosen = match }
                if !match.isChanged, !schema.tracksEvaluated { return nil }
            case .failure(let violation): violations.append(violation.violation)
            }
        }
        guard let chosen else { return noneHolds("anyOf", value, violations, node) }
        take(chosen, &value)
        return nil
    }

    private mutating func checkOne(
        _ value: inout JSONValue, _ parts: [Int], _ node: SchemaNode, _ looked: inout Evaluated
    ) -> SchemaViolation? {
        var matches: [Match] = []
        var violations: [SchemaViolation] = []
        for part in parts {
            switch attempt(value, part) {
            case .success(let match): matches.append(match)
            case .failure(let violation): violations.append(violation.violation)
            }
        }
        let unchanged = matches.filter { !$0.isChanged }
        let candidates = unchanged.isEmpty ? matches : unchanged
        guard let chosen = candidates.first else { return noneHolds("oneOf", value, violations, node) }
        guard candidates.count == 1 else {
            return fail("oneOf", "\(Self.shown(value)) is what more than one alternative wants", node, value)
        }
        if prunes {
            // What is left must still be one alternative's, and nobody else's.
            prunes = false
            defer { prunes = true }
            var count = 0
            for part in parts {
                var unused = Evaluated()
                count += self.matches(chosen.value, part, &unused) ? 1 : 0
            }
            guard count == 1 else {
                return fail("oneOf", "\(Self.shown(value)) is what more than one alternative wants", node, value)
            }
        }
        looked.merge(chosen.looked)
        take(chosen, &value)
        return nil
    }

    private struct Refusal: Error { let violation: SchemaViolation }

    private mutating func attempt(_ value: JSONValue, _ part: Int) -> Result<Match, Refusal> {
        var copy = value
        let before = changes
        var looked = Evaluated()
        if let violation = check(&copy, part, &looked) {
            changes = before
            return .failure(Refusal(violation: violation))
        }
        defer { changes = before }
        return .success(Match(value: copy, looked: looked, isChanged: changes != before))
    }

    private mutating func take(_ match: Match, _ value: inout JSONValue) {
        guard match.isChanged else { return }
        value = match.value
        changes += 1
    }

    /// The reason of the alternative that came furthest tells more than that there is none.
    private func noneHolds(
        _ keyword: String, _ value: JSONValue, _ violations: [SchemaViolation], _ node: SchemaNode
    ) -> SchemaViolation {
        let deepest = violations.max { $0.place.utf8.count < $1.place.utf8.count }
        let detail = deepest.map { "; the nearest: \($0)" } ?? ""
        return fail(keyword, "\(Self.shown(value)) is what none of the alternatives wants\(detail)", node, value)
    }

    /// A discriminator's value as text, as Python prints it.
    private static func text(of tag: JSONValue) -> String {
        switch tag {
        case .string(let text): text
        case .bool(let value): value ? "True" : "False"
        case .null: "None"
        default: tag.serialized()
        }
    }

    private mutating func normalize(_ value: inout JSONValue, _ rule: DecimalRule) {
        let decimal: SchemaDecimal? =
            switch value {
            case .string(let text): SchemaDecimal(text: text)
            default: SchemaDecimal(value)
            }
        guard let number = decimal?.rounded(places: rule.places), value != .number(number) else { return }
        value = .number(number)
        changes += 1
    }
}
