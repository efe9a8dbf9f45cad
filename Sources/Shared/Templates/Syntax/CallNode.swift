/// The arguments of a call as they were parsed.
struct CallNode {
    var positional: [ExpressionNode] = []
    var keywords: [(name: String, value: ExpressionNode)] = []
    /// `*expression`.
    var spreadPositional: ExpressionNode?
    /// `**expression`.
    var spreadKeywords: ExpressionNode?

    func forEachChild(_ visit: (ExpressionNode) -> Void) {
        for node in positional { visit(node) }
        for keyword in keywords { visit(keyword.value) }
        spreadPositional.map(visit)
        spreadKeywords.map(visit)
    }
}
