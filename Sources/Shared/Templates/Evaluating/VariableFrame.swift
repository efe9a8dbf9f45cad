/// The variables of one call of a function: the template itself, a macro, a recursive loop.
final class VariableFrame {
    /// Nil: not set.
    var values: [Value?]
    /// The frame of the function around, whose variables this one's code can use.
    let outer: VariableFrame?

    init(count: Int, outer: VariableFrame?) {
        values = [Value?](repeating: nil, count: count)
        self.outer = outer
    }
}
