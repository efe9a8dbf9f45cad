/// What counting statements needs to know of a piece of Python.
enum PythonToken: Hashable {
    /// A keyword or an identifier.
    case name(String)
    /// One byte of punctuation outside all brackets; inside them nothing counts.
    case mark(UInt8)
    /// A text, a number, brackets with what is in them, an operator of several bytes.
    case operand
}
