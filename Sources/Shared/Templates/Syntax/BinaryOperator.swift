/// The arithmetic operators; the raw value is how they are written.
enum BinaryOperator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case divideFloored = "//"
    case modulo = "%"
    case power = "**"
}
