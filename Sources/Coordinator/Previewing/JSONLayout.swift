import JSON

/// JSON for reading: a member or element a line, but what fits on a line stays on one below the outermost level.
enum JSONLayout {
    private static let flat = JSONStyle(spacesSeparators: true)

    /// - Parameter width: characters of a line; a long text is longer, and folded by who shows it.
    static func lines(_ value: JSONValue, width: Int) -> [String] {
        lines(value, indent: "", before: "", after: "", isOutermost: true, width)
    }

    private static func lines(
        _ value: JSONValue, indent: String, before: String, after: String, isOutermost: Bool, _ width: Int
    ) -> [String] {
        let members: [(before: String, value: JSONValue)]
        let ends: (open: String, close: String)
        switch value {
        case .object(let object) where !object.isEmpty:
            members = object.map { ("\(JSONValue.string($0.key).serialized(flat)): ", $0.value) }
            ends = ("{", "}")
        case .array(let elements) where !elements.isEmpty:
            members = elements.map { ("", $0) }
            ends = ("[", "]")
        default: return [indent + before + value.serialized(flat) + after]
        }
        if !isOutermost {
            let line = indent + before + value.serialized(flat) + after
            if FoldedText.width(of: line) <= width { return [line] }
        }
        var lines = [indent + before + ends.open]
        for (place, member) in members.enumerated() {
            let comma = place < members.count - 1 ? "," : ""
            lines += self.lines(
                member.value, indent: indent + "  ", before: member.before, after: comma, isOutermost: false, width)
        }
        lines.append(indent + ends.close + after)
        return lines
    }
}
