import Spelling
import Yams

/// One settings file: a YAML mapping of setting names to values.
struct SettingsFile {
    let path: String
    let exists: Bool
    private(set) var values: [SettingKey: (text: String, line: Int)] = [:]

    /// Reads the files that are there; what is wrong in them is added to `problems`.
    static func read(
        _ paths: [(path: String, isRequired: Bool)], _ problems: inout [String]
    ) -> [SettingsFile] {
        var files: [SettingsFile] = []
        for (path, isRequired) in paths {
            do throws(TextFile.Unreadable) {
                let text = try TextFile.read(path)
                var file = SettingsFile(path: path, exists: true)
                file.take(text, &problems)
                files.append(file)
            } catch {
                if isRequired || !error.isMissing { problems.append("cannot read \(path): \(error.reason)") }
                files.append(SettingsFile(path: path, exists: false))
            }
        }
        return files
    }

    private init(path: String, exists: Bool) {
        self.path = path
        self.exists = exists
    }

    private mutating func take(_ text: String, _ problems: inout [String]) {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            problems.append("\(path): not YAML: \(Self.reason(of: error))")
            return
        }
        guard let root, root.tag != Tag(.null) else { return }
        guard case .mapping(let mapping) = root else {
            problems.append("\(path): must be a mapping of setting names to values")
            return
        }
        for (nameNode, node) in mapping { take(nameNode, node, &problems) }
    }

    private mutating func take(_ nameNode: Node, _ node: Node, _ problems: inout [String]) {
        let line = nameNode.mark?.line ?? 1
        let place = "\(path):\(line):\(nameNode.mark?.column ?? 1)"
        let name = nameNode.scalar?.string ?? ""
        guard let key = SettingKey.named(name) else {
            let question = Suggestion.question(for: name, among: SettingKey.all.map(\.name))
            problems.append("\(place): unknown setting \"\(name)\".\(question)")
            return
        }
        let text: String
        switch node {
        case .scalar(let scalar):
            if node.tag == Tag(.null) { return }
            text = scalar.string
        case .sequence(let elements) where key.kind == .list && elements.allSatisfy { $0.scalar != nil }:
            text = elements.compactMap(\.scalar?.string).joined(separator: ",")
        default:
            problems.append("\(place): \(name) must be \(key.kind == .list ? "a list of words" : "one value")")
            return
        }
        if key.isSecret, SecretText.holdsPassword(text) {
            problems.append(
                "\(place): \(name) holds a password, which a settings file must not: set \(key.environment), "
                    + "or \(key.environment)_FILE to the name of a file that only you can read")
            return
        }
        values[key] = (text, line)
    }

    private static func reason(of error: any Error) -> String {
        guard let error = error as? YamlError else { return String(describing: error) }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return "line \(mark.line), column \(mark.column): \(problem)"
        case .duplicatedKeysInMapping(let duplicates, _):
            let names = duplicates.map { String(describing: $0) }.sorted().joined(separator: ", ")
            return "set twice: \(names)"
        default: return String(describing: error)
        }
    }
}
