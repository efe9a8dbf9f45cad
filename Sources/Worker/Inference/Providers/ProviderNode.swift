import JSON
import Yams

/// A place in a providers file.
struct ProviderNode {
    let node: Node
    let path: String

    /// `providers.yaml:4:5`.
    var place: String {
        guard let mark = node.mark else { return path }
        return "\(path):\(mark.line):\(mark.column)"
    }

    var isNull: Bool { node.tag == Tag(.null) }

    var text: String? {
        guard case .scalar(let scalar) = node, !isNull else { return nil }
        return scalar.string
    }

    var members: [(key: ProviderNode, value: ProviderNode)]? {
        guard case .mapping(let mapping) = node else { return nil }
        return mapping.map { (ProviderNode(node: $0.key, path: path), ProviderNode(node: $0.value, path: path)) }
    }

    var elements: [ProviderNode]? {
        guard case .sequence(let sequence) = node else { return nil }
        return sequence.map { ProviderNode(node: $0, path: path) }
    }

    /// The same value in JSON, scalars by YAML 1.1's rules.
    var json: JSONValue {
        switch node {
        case .mapping(let mapping):
            return .object(
                JSONObject(mapping.map { ($0.key.scalar?.string ?? "", ProviderNode(node: $0.value, path: path).json) })
            )
        case .sequence(let sequence):
            return .array(sequence.map { ProviderNode(node: $0, path: path).json })
        default:
            if isNull { return .null }
            if let value = node.bool, node.tag == Tag(.bool) { return .bool(value) }
            if let value = node.int, node.tag == Tag(.int) { return .integer(Int64(value)) }
            if let value = node.float, node.tag == Tag(.float) { return .number(value) }
            return .string(node.scalar?.string ?? "")
        }
    }
}
