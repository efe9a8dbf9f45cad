import JSON
import Spelling
import Templates

extension WorkflowChecker {
    func checkProcessors() {
        var removed: Set<String> = []
        for processor in draft.processors {
            let name = processor.value.name
            // Its output goes into a folder of that name.
            if name.isEmpty || name.hasPrefix(".")
                || name.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "/") })
                || name.utf8.count > 200
            {
                log.report(
                    processor.path["name"], "cannot be the name of a folder: \(name.prefix(40))",
                    "Use letters, digits, - and _")
            }
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
            let matches = names.filter { ColumnPattern.matches(name, $0) }
            if matches.isEmpty, seedColumns != nil { log.warn(path, "is \(name), which matches no column") }
            return matches
        }
        if !mayExist(name) {
            log.report(path, "is \(name); no such column", Suggestion.sentence(for: name, among: names))
        }
        return [name]
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
