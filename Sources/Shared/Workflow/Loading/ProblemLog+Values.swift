import JSON
import Spelling
import Templates

/// Typed readings of a node. They take what the library takes: numbers as text, whole floats as integers, the words of
/// booleans; text is only ever text.
extension ProblemLog {
    func text(_ node: SourceNode, _ path: SourcePath) -> String? {
        if case .text(let text) = node.content { return text }
        let suggestion: String? =
            switch node.content {
            case .boolean, .integer, .bigInteger, .number: "Put it in quotes"
            default: nil
            }
        report(path, "must be text, not \(node.kindName)", suggestion)
        return nil
    }

    func number(_ node: SourceNode, _ path: SourcePath) -> Double? {
        let value: Double? =
            switch node.content {
            case .integer(let value): Double(value)
            case .bigInteger(let text), .text(let text): Double(text)
            case .number(let value): value
            case .boolean(let value): value ? 1 : 0
            default: nil
            }
        guard let value else {
            report(path, "must be a number, not \(Self.shown(node))")
            return nil
        }
        guard value.isFinite else {
            report(path, "must be a finite number")
            return nil
        }
        return value
    }

    func integer(_ node: SourceNode, _ path: SourcePath) -> Int? {
        let value: Int? =
            switch node.content {
            case .integer(let value): value
            case .number(let value): Int(exactly: value)
            case .text(let text): Int(text)
            case .boolean(let value): value ? 1 : 0
            default: nil
            }
        if value == nil { report(path, "must be an integer, not \(Self.shown(node))") }
        return value
    }

    func boolean(_ node: SourceNode, _ path: SourcePath) -> Bool? {
        switch node.content {
        case .boolean(let value): return value
        case .integer(0), .number(0): return false
        case .integer(1), .number(1): return true
        case .text(let text):
            switch text.lowercased() {
            case "true", "t", "yes", "y", "on", "1": return true
            case "false", "f", "no", "n", "off", "0": return false
            default: break
            }
        default: break
        }
        report(path, "must be true or false, not \(Self.shown(node))")
        return nil
    }

    func choice<Choice: RawRepresentable & CaseIterable>(_ node: SourceNode, _ path: SourcePath) -> Choice?
    where Choice.RawValue == String {
        guard let word = text(node, path) else { return nil }
        if let choice = Choice(rawValue: word) { return choice }
        reportWord(word, path, among: Choice.allCases.map(\.rawValue))
        return nil
    }

    func reportWord(_ word: String, _ path: SourcePath, among words: [String]) {
        let suggestion = Suggestion.sentence(for: word, among: words)
        let list = words.count <= 12 || suggestion == nil ? ": \(words.joined(separator: ", "))" : ""
        report(path, "must be one of \(words.count) words\(list); not \(word)", suggestion)
    }

    /// The items of a list with their paths; empty, and a problem, when the node is none.
    func items(_ node: SourceNode, _ path: SourcePath) -> [(node: SourceNode, path: SourcePath)] {
        guard case .sequence(let items) = node.content else {
            report(path, "must be a list, not \(Self.shown(node))")
            return []
        }
        return items.enumerated().map { ($1, path[$0]) }
    }

    func object(_ node: SourceNode, _ path: SourcePath) -> JSONObject? {
        if case .object(let object) = JSONValue(node) { return object }
        report(path, "must be a mapping, not \(Self.shown(node))")
        return nil
    }

    /// A template. Filters and tests that do not exist are problems in branches too: they never will.
    ///
    /// - Parameter name: what errors of a rendering call it.
    func template(_ node: SourceNode, _ path: SourcePath, name: String) -> TemplateText? {
        guard let text = text(node, path) else { return nil }
        do {
            let template = try Template(parsing: text, name: name)
            for error in template.unreachedErrors { report(error, in: path) }
            return TemplateText(text: text, template: template, columns: columnNames)
        } catch {
            report(error, in: path)
            return nil
        }
    }

    /// Reports a template's fault at its place in the file.
    func report(_ error: TemplateError, in path: SourcePath) {
        let mark = error.line > 0 ? mark(path, line: error.line, column: error.column) : nil
        report(path, "is not a template that can be used: \(error.reason)", at: mark)
    }

    /// A short scalar as it stands, else what kind of value it is.
    static func shown(_ node: SourceNode) -> String {
        switch node.content {
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .boolean(let value): "\(value)"
        case .text(let text) where text.utf8.count <= 40: "\"\(text)\""
        default: node.kindName
        }
    }
}

extension JSONValue {
    /// The value without its places.
    init(_ node: SourceNode) {
        switch node.content {
        case .null: self = .null
        case .boolean(let value): self = .bool(value)
        case .integer(let value): self = .integer(Int64(value))
        case .bigInteger(let text): self = .bigInteger(text)
        case .number(let value): self = .number(value)
        case .text(let text): self = .string(text)
        case .sequence(let items): self = .array(items.map { JSONValue($0) })
        case .mapping(let entries): self = .object(JSONObject(entries.map { ($0.key, JSONValue($0.value)) }))
        }
    }
}
