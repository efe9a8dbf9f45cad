import JSON

/// Writes values in the various ways of YAML: blocks and flows, plain, quoted and literal texts, anchors now and then.
enum YAMLText {
    static func text(_ value: JSONValue, _ random: inout SplitMix) -> String {
        lines(value, indent: 0, &random).joined(separator: "\n") + "\n"
    }

    private static func lines(_ value: JSONValue, indent: Int, _ random: inout SplitMix) -> [String] {
        let space = String(repeating: " ", count: indent)
        switch value {
        case .object(let object) where !object.isEmpty && !random.oneIn(10):
            return object.flatMap { key, value in
                nested(value, after: "\(space)\(quoted(key, &random)):", indent: indent + 2, &random)
            }
        case .array(let items) where !items.isEmpty && !random.oneIn(10):
            return items.flatMap { nested($0, after: "\(space)-", indent: indent + 2, &random) }
        default: return [space + scalar(value, &random)]
        }
    }

    private static func nested(
        _ value: JSONValue, after head: String, indent: Int, _ random: inout SplitMix
    ) -> [String] {
        switch value {
        case .object(let object) where !object.isEmpty && !random.oneIn(6):
            return [head + (random.oneIn(30) ? " &n" : "")] + lines(value, indent: indent, &random)
        case .array(let items) where !items.isEmpty && !random.oneIn(6):
            return [head] + lines(value, indent: indent, &random)
        case .string(let text) where random.oneIn(5) && !text.isEmpty:
            let space = String(repeating: " ", count: indent)
            return ["\(head) \(random.pick(["|", ">", "|-", ">-", "|+"]))"]
                + text.split(separator: "\n", omittingEmptySubsequences: false).map { space + $0 }
        default: return ["\(head) \(random.oneIn(200) ? "*n" : scalar(value, &random))"]
        }
    }

    private static func quoted(_ text: String, _ random: inout SplitMix) -> String {
        let isPlain =
            !text.isEmpty
            && text.utf8.allSatisfy { $0 == UInt8(ascii: "_") || $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }
        return isPlain && !random.oneIn(10) ? text : JSONValue.string(text).serialized()
    }

    private static func scalar(_ value: JSONValue, _ random: inout SplitMix) -> String {
        guard case .string(let text) = value else { return value.serialized() }
        switch random.below(4) {
        case 0: return "'\(text.replacing("'", with: "''"))'"
        case 1: return text
        default: return value.serialized()
        }
    }
}
