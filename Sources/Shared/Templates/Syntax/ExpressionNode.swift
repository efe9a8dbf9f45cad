/// An expression as it was parsed.
struct ExpressionNode {
    indirect enum Kind {
        case constant(Constant)
        case name(String)
        /// `name.attribute` as the target of an assignment.
        case namespaceReference(String, String)
        case tuple([ExpressionNode])
        case list([ExpressionNode])
        case dictionary([(key: ExpressionNode, value: ExpressionNode)])
        case conditional(test: ExpressionNode, then: ExpressionNode, otherwise: ExpressionNode?)
        /// Without a value in front: the filter of a block, applied to the block's text.
        case filter(ExpressionNode?, String, CallNode)
        case test(ExpressionNode, String, CallNode)
        case call(ExpressionNode, CallNode)
        case attribute(ExpressionNode, String)
        case item(ExpressionNode, ExpressionNode)
        case slice(ExpressionNode?, ExpressionNode?, ExpressionNode?)
        case concatenation([ExpressionNode])
        case comparison(ExpressionNode, [(operation: ComparisonOperator, value: ExpressionNode)])
        case binary(BinaryOperator, ExpressionNode, ExpressionNode)
        case and(ExpressionNode, ExpressionNode)
        case or(ExpressionNode, ExpressionNode)
        case not(ExpressionNode)
        case negative(ExpressionNode)
        case positive(ExpressionNode)
    }

    let kind: Kind
    let position: SourcePosition
    /// Expressions from here to the innermost one.
    let height: Int

    init(_ kind: Kind, at position: SourcePosition) {
        self.kind = kind
        self.position = position
        var height = 0
        Self.forEachChild(of: kind) { height = max(height, $0.height) }
        self.height = height + 1
    }

    /// What the reference calls this kind of node.
    var kindName: String {
        switch kind {
        case .constant: "const"
        case .name: "name"
        case .namespaceReference: "nsref"
        case .tuple: "tuple"
        case .list: "list"
        case .dictionary: "dict"
        case .conditional: "condexpr"
        case .filter: "filter"
        case .test: "test"
        case .call: "call"
        case .attribute: "getattr"
        case .item: "getitem"
        case .slice: "slice"
        case .concatenation: "concat"
        case .comparison: "compare"
        case .binary: "binexpr"
        case .and: "and"
        case .or: "or"
        case .not: "not"
        case .negative: "neg"
        case .positive: "pos"
        }
    }

    func forEachChild(_ visit: (ExpressionNode) -> Void) { Self.forEachChild(of: kind, visit) }

    private static func forEachChild(of kind: Kind, _ visit: (ExpressionNode) -> Void) {
        switch kind {
        case .constant, .name, .namespaceReference: break
        case .tuple(let nodes), .list(let nodes), .concatenation(let nodes):
            for node in nodes { visit(node) }
        case .dictionary(let pairs):
            for (key, value) in pairs {
                visit(key)
                visit(value)
            }
        case .conditional(let test, let then, let otherwise):
            visit(test)
            visit(then)
            otherwise.map(visit)
        case .filter(let node, _, let call):
            node.map(visit)
            call.forEachChild(visit)
        case .test(let node, _, let call), .call(let node, let call):
            visit(node)
            call.forEachChild(visit)
        case .attribute(let node, _), .not(let node), .negative(let node), .positive(let node): visit(node)
        case .item(let left, let right), .binary(_, let left, let right), .and(let left, let right),
            .or(let left, let right):
            visit(left)
            visit(right)
        case .slice(let start, let stop, let step):
            start.map(visit)
            stop.map(visit)
            step.map(visit)
        case .comparison(let node, let operands):
            visit(node)
            for operand in operands { visit(operand.value) }
        }
    }
}
