import JSON
import Templates

extension WorkflowChecker {
    func checkProcessors() {
        var removed: Set<String> = []
        for processor in draft.processors {
            switch processor.value.kind {
            case .dropColumns(let names):
                for (index, name) in names.enumerated() {
                    removed.formUnion(check(drop: name, at: processor.path["column_names"][index]))
                }
            case .schemaTransform(_, let text): check(text, at: processor.path["template"], removed: removed)
            }
        }
    }

    /// Checks one name or pattern of a drop processor; returns the columns that it takes away.
    private func check(drop name: String, at path: SourcePath) -> [String] {
        let names = usableNames
        if name.contains("*") {
            let matches = names.filter { Self.matches(name, $0) }
            if matches.isEmpty, seedColumns != nil { log.warn(path, "is \(name), which matches no column") }
            return matches
        }
        if !mayExist(name) {
            log.report(path, "is \(name); no such column", Suggestion.sentence(for: name, among: names))
        }
        return [name]
    }

    /// Whether a name matches a pattern in which `*` stands for any text.
    static func matches(_ pattern: String, _ name: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count > 1, let first = parts.first, let last = parts.last else { return pattern == name }
        guard name.hasPrefix(first), name.hasSuffix(last), name.utf8.count >= first.utf8.count + last.utf8.count else {
            return false
        }
        var rest = name.dropFirst(first.count).dropLast(last.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }

    private func check(_ text: TemplateText, at path: SourcePath, removed: Set<String>) {
        for name in text.names {
            if let place = producers[name], draft.columns[place].value.name != name {
                log.report(
                    path,
                    "uses {{ \(name) }}, which is written beside \(draft.columns[place].value.name): "
                        + "a transform can use columns only")
            } else if !mayExist(name) {
                let columns = draft.columns.map(\.value.name)
                log.report(path, "uses {{ \(name) }}; no such column", Suggestion.sentence(for: name, among: columns))
            } else if removed.contains(name) {
                log.report(
                    path, "uses {{ \(name) }}, which an earlier processor drops",
                    "Put the transform before the drop")
            }
        }
    }
}
