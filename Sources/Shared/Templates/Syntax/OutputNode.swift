/// A piece of what is written out.
enum OutputNode {
    case data(String)
    case expression(ExpressionNode)
}
