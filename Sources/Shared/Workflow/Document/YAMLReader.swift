import Yams

/// Reads a YAML document into located nodes, with the typing of YAML 1.1 (see `YAMLScalar`).
///
/// Aliases and merge keys (`<<`) are followed, up to a number of nodes, so that a small file cannot become a huge one.
/// Duplicate keys are an error.
struct YAMLReader {
    private static let maximumNodes = 1_000_000
    private static let maximumDepth = 256

    private var budget = Self.maximumNodes
    private let lines: [Substring]

    static func read(_ text: String) throws(SourceError) -> SourceNode {
        var reader = YAMLReader(lines: text.split(separator: "\n", omittingEmptySubsequences: false))
        let root: Node?
        do {
            root = try compose(yaml: text, .basic)
        } catch {
            throw SourceError(error)
        }
        guard let root else { throw SourceError(message: "the file is empty", mark: SourceMark(line: 1, column: 1)) }
        return try reader.node(root, depth: 0)
    }

    private init(lines: [Substring]) { self.lines = lines }

    private mutating func node(_ node: Node, depth: Int) throws(SourceError) -> SourceNode {
        let mark = SourceMark(node.mark)
        budget -= 1
        guard budget > 0 else {
            throw SourceError(message: "aliases make this document larger than \(Self.maximumNodes) values", mark: mark)
        }
        guard depth < Self.maximumDepth else {
            throw SourceError(message: "values are nested more than \(Self.maximumDepth) deep", mark: mark)
        }
        switch node {
        case .scalar(let scalar): return try read(scalar, at: mark)
        case .sequence(let sequence):
            var items: [SourceNode] = []
            items.reserveCapacity(sequence.count)
            for item in sequence { items.append(try self.node(item, depth: depth + 1)) }
            return SourceNode(.sequence(items), at: mark)
        case .mapping(let mapping):
            return SourceNode(.mapping(try entries(of: mapping, depth: depth)), at: mark)
        case .alias:
            throw SourceError(message: "an alias that leads nowhere", mark: mark)
        }
    }

    private mutating func entries(of mapping: Node.Mapping, depth: Int) throws(SourceError) -> [SourceEntry] {
        var entries: [SourceEntry] = []
        var merged: [SourceEntry] = []
        entries.reserveCapacity(mapping.count)
        for (key, value) in mapping {
            let mark = SourceMark(key.mark)
            guard case .scalar(let scalar) = key else {
                throw SourceError(message: "a key must be text, not a list or a mapping", mark: mark)
            }
            if scalar.string == "<<", scalar.style == .plain {
                merged += try mergedEntries(of: value, at: mark, depth: depth)
            } else {
                entries.append(
                    SourceEntry(key: scalar.string, keyMark: mark, value: try node(value, depth: depth + 1)))
            }
        }
        guard !merged.isEmpty else { return entries }
        // What the mapping itself says wins; among merged mappings the first does.
        var present = Set(entries.map(\.key))
        return entries + merged.filter { present.insert($0.key).inserted }
    }

    private mutating func mergedEntries(of value: Node, at mark: SourceMark, depth: Int) throws(SourceError)
        -> [SourceEntry]
    {
        switch value {
        case .mapping(let mapping): return try entries(of: mapping, depth: depth + 1)
        case .sequence(let sequence):
            var all: [SourceEntry] = []
            for item in sequence {
                guard case .mapping(let mapping) = item else { break }
                all += try entries(of: mapping, depth: depth + 1)
            }
            if all.isEmpty == sequence.isEmpty { return all }
        default: break
        }
        throw SourceError(message: "<< needs a mapping, or a list of mappings", mark: mark)
    }

    private func read(_ scalar: Node.Scalar, at mark: SourceMark) throws(SourceError) -> SourceNode {
        let tag = scalar.tag.rawValue
        let isPlain = scalar.style == .plain || scalar.style == .any
        if tag.isEmpty, isPlain {
            let content = YAMLScalar.resolve(scalar.string)
            guard case .text(let text) = content else { return SourceNode(content, at: mark) }
            return SourceNode(content, at: mark, textOrigin: origin(of: text, in: scalar.style, at: mark))
        }
        if tag.isEmpty || tag == "!" || tag == "tag:yaml.org,2002:str" {
            let origin = origin(of: scalar.string, in: scalar.style, at: mark)
            return SourceNode(.text(scalar.string), at: mark, textOrigin: origin)
        }
        guard let content = YAMLScalar.resolve(scalar.string, tag: tag) else {
            throw SourceError(message: "the tag \(tag) does not fit this value, or is not known", mark: mark)
        }
        return SourceNode(content, at: mark)
    }

    /// Where the text's first line begins, if its lines are the file's lines.
    private func origin(of text: String, in style: Node.Scalar.Style, at mark: SourceMark) -> SourceMark? {
        guard mark.line >= 1, mark.line <= lines.count else { return nil }
        switch style {
        case .plain, .any, .singleQuoted, .doubleQuoted:
            let quotes = style == .plain || style == .any ? 0 : 1
            let start = lines[mark.line - 1].unicodeScalars.dropFirst(mark.column - 1 + quotes)
            // One line of the file that holds the text as it is: nothing was folded or escaped.
            guard start.starts(with: text.unicodeScalars) else { return nil }
            return SourceMark(line: mark.line, column: mark.column + quotes)
        case .literal:
            guard let first = text.firstIndex(where: { $0 != "\n" }), mark.line < lines.count else { return nil }
            let blank = text[..<first].count
            guard mark.line + blank < lines.count else { return nil }
            let line = lines[mark.line + blank].unicodeScalars
            let content = text[first...].prefix { $0 != "\n" }.unicodeScalars
            let indentation = line.count - content.count
            guard indentation >= 0, line.dropFirst(indentation).elementsEqual(content) else { return nil }
            return SourceMark(line: mark.line + 1, column: indentation + 1)
        case .folded: return nil
        }
    }
}

extension SourceMark {
    fileprivate init(_ mark: Mark?) { self.init(line: mark?.line ?? 1, column: mark?.column ?? 1) }
}

extension SourceError {
    fileprivate init(_ error: any Error) {
        guard let error = error as? YamlError else {
            self.init(message: "\(error)", mark: SourceMark(line: 1, column: 1))
            return
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let prefix = context.map { $0.text.isEmpty ? "" : "\($0.text): " } ?? ""
            self.init(message: "not valid YAML: \(prefix)\(problem)", mark: SourceMark(mark))
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.sorted().joined(separator: ", ")
            self.init(message: "the key \(names) stands twice in one mapping", mark: SourceMark(context.mark))
        case .reader(let problem, _, _, _):
            self.init(message: "not valid YAML: \(problem)", mark: SourceMark(line: 1, column: 1))
        default:
            self.init(message: "not valid YAML", mark: SourceMark(line: 1, column: 1))
        }
    }
}
