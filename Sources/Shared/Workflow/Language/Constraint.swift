/// A condition on a sampler's values: it is drawn again until it holds.
package struct Constraint: Sendable, Hashable {
    package enum Operator: String, Sendable, Hashable, CaseIterable {
        case lt, le, gt, ge
    }

    package enum Bound: Sendable, Hashable {
        case scalar(Double)
        /// Another sampler column, which is drawn first.
        case column(String)
    }

    package let target: String
    package let comparison: Operator
    package let bound: Bound
}
