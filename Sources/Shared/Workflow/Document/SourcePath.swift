/// The way to a value in a workflow file, as messages print it: `columns[1].params.low`.
struct SourcePath: Sendable, Hashable, CustomStringConvertible {
    enum Step: Sendable, Hashable {
        case key(String)
        case index(Int)
    }

    let steps: [Step]

    static let root = SourcePath(steps: [])

    subscript(_ key: String) -> SourcePath { SourcePath(steps: steps + [.key(key)]) }
    subscript(_ index: Int) -> SourcePath { SourcePath(steps: steps + [.index(index)]) }

    var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .index(let index): text += "[\(index)]"
            case .key(let key) where key.utf8.allSatisfy(Self.isPlain) && !key.isEmpty:
                text += text.isEmpty ? key : ".\(key)"
            case .key(let key): text += "[\"\(key)\"]"
            }
        }
        return text
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "$"):
            true
        default: false
        }
    }
}

extension SourceNode {
    /// The node at the end of the path, or the last one on it that exists.
    func deepest(_ path: SourcePath) -> SourceNode {
        var node = self
        for step in path.steps {
            switch (step, node.content) {
            case (.key(let key), .mapping):
                guard let next = node[key] else { return node }
                node = next
            case (.index(let index), .sequence(let items)) where items.indices.contains(index): node = items[index]
            default: return node
            }
        }
        return node
    }

    /// Where the key at the end of the path stands; where its value stands when the path ends in an index.
    func keyMark(_ path: SourcePath) -> SourceMark {
        guard case .key(let key) = path.steps.last else { return deepest(path).mark }
        let parent = deepest(SourcePath(steps: path.steps.dropLast()))
        guard case .mapping(let entries) = parent.content, let entry = entries.first(where: { $0.key == key }) else {
            return parent.mark
        }
        return entry.keyMark
    }
}
