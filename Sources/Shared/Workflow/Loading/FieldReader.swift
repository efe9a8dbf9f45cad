import JSON
import Spelling
import Templates

/// Reads the keys of one mapping: typed, each at most once, and reports what is missing, wrong or unknown.
///
/// A key whose value is wrong reads as its default, so that one pass reports every problem; the workflow is thrown
/// away afterwards. A null counts as absent where a key may be left out.
final class FieldReader {
    let path: SourcePath
    let log: ProblemLog
    /// What the mapping is, with its article: "an llm-text column".
    private let kind: String
    private let entries: [SourceEntry]
    private var known: [String] = []
    private var required: [String] = []

    /// Nil, and a problem, when the node is not a mapping.
    init?(_ node: SourceNode, at path: SourcePath, as kind: String, _ log: ProblemLog) {
        guard case .mapping(let entries) = node.content else {
            log.report(path, "must be \(kind) (a mapping of keys to values), not \(node.kindName)")
            return nil
        }
        (self.path, self.log, self.kind, self.entries) = (path, log, kind, entries)
    }

    /// The value of a key, nulls too; nil when it is absent.
    func rawNode(_ key: String) -> SourceNode? {
        if !known.contains(key) { known.append(key) }
        return entries.first { $0.key == key }?.value
    }

    /// The value of a key that may be absent or null.
    func node(_ key: String) -> SourceNode? {
        guard let node = rawNode(key), !node.isNull else { return nil }
        return node
    }

    /// The value of a key that must be there.
    func requiredNode(_ key: String) -> SourceNode? {
        if !required.contains(key) { required.append(key) }
        return rawNode(key)
    }

    /// Reports the keys that nobody asked for, and those that are missing; a missing key that was misspelt is reported
    /// once. `elsewhere` says of a key where it belongs.
    func finish(elsewhere: [String: String] = [:]) {
        var missing = missing
        for entry in entries where !known.contains(entry.key) {
            let near =
                Suggestion.nearest(to: entry.key, among: known.filter { key in !keys.contains(key) })
                ?? Suggestion.nearest(to: entry.key, among: known)
            if elsewhere[entry.key] == nil { missing.removeAll { $0 == near } }
            let suggestion = elsewhere[entry.key] ?? near.map { "Did you mean \($0)?" }
            log.reportKey(path[entry.key], "is not a key of \(kind)", suggestion)
        }
        finish(missing)
    }

    private var missing: [String] { required.filter { key in !entries.contains { $0.key == key } } }

    /// Reports the keys that are missing, and takes unknown ones as the library does here: not at all.
    func finishIgnoringUnknown() { finish(missing) }

    private func finish(_ missing: [String]) {
        for key in missing { log.report(path, "needs \(key)") }
        log.observer?(kind, known, required)
    }

    var keys: [String] { entries.map(\.key) }

    // MARK: Typed values

    func text(_ key: String) -> String? { node(key).flatMap { log.text($0, path[key]) } }
    func number(_ key: String) -> Double? { node(key).flatMap { log.number($0, path[key]) } }
    func integer(_ key: String) -> Int? { node(key).flatMap { log.integer($0, path[key]) } }
    func template(_ key: String) -> TemplateText? {
        node(key).flatMap { log.template($0, path[key], name: templateName(key)) }
    }
    func object(_ key: String) -> JSONObject? { node(key).flatMap { log.object($0, path[key]) } }

    func boolean(_ key: String, default fallback: Bool) -> Bool {
        rawNode(key).flatMap { log.boolean($0, path[key]) } ?? fallback
    }

    func requiredText(_ key: String) -> String { requiredNode(key).flatMap { log.text($0, path[key]) } ?? "" }
    func requiredNumber(_ key: String) -> Double? { requiredNode(key).flatMap { log.number($0, path[key]) } }
    func requiredInteger(_ key: String) -> Int? { requiredNode(key).flatMap { log.integer($0, path[key]) } }
    func requiredObject(_ key: String) -> JSONObject { requiredNode(key).flatMap { log.object($0, path[key]) } ?? [:] }

    func requiredTemplate(_ key: String) -> TemplateText {
        requiredNode(key).flatMap { log.template($0, path[key], name: templateName(key)) } ?? .empty
    }

    /// What errors call the template of a key: `prompt of review`.
    private func templateName(_ key: String) -> String {
        let owner = entries.first { $0.key == "name" }?.value.content
        return if case .text(let name) = owner { "\(key) of \(name)" } else { path[key].description }
    }

    /// An integer of at least `minimum`.
    func integer(_ key: String, atLeast minimum: Int, default fallback: Int) -> Int {
        guard let node = rawNode(key), let value = log.integer(node, path[key]) else { return fallback }
        return checked(key, value, atLeast: minimum) ?? fallback
    }

    /// An integer of at least `minimum`, nil where there is none.
    func integer(_ key: String, atLeast minimum: Int) -> Int? {
        integer(key).flatMap { checked(key, $0, atLeast: minimum) }
    }

    private func checked(_ key: String, _ value: Int, atLeast minimum: Int) -> Int? {
        if value >= minimum { return value }
        log.report(path[key], "must be at least \(minimum), not \(value)")
        return nil
    }

    /// An integer of at least `minimum` that must be there.
    func requiredInteger(_ key: String, atLeast minimum: Int) -> Int? {
        requiredInteger(key).flatMap { checked(key, $0, atLeast: minimum) }
    }

    /// One of a closed list of words.
    func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, _: Choice.Type = Choice.self) -> Choice?
    where Choice.RawValue == String {
        node(key).flatMap { log.choice($0, path[key]) }
    }

    func requiredChoice<Choice: RawRepresentable & CaseIterable>(_ key: String, _: Choice.Type = Choice.self) -> Choice?
    where Choice.RawValue == String {
        requiredNode(key).flatMap { log.choice($0, path[key]) }
    }

    /// The items of a list; empty when the key is absent or null.
    func items(_ key: String) -> [(node: SourceNode, path: SourcePath)] {
        node(key).map { log.items($0, path[key]) } ?? []
    }

    func texts(_ key: String) -> [String]? {
        node(key).map { log.items($0, path[key]).compactMap { log.text($0.node, $0.path) } }
    }

    func requiredTexts(_ key: String) -> [String] {
        guard let node = requiredNode(key) else { return [] }
        return log.items(node, path[key]).compactMap { log.text($0.node, $0.path) }
    }
}
