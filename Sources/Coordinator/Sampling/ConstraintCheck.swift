import JSON
import Workflow

/// A constraint, prepared for checking.
struct ConstraintCheck: Sendable {
    private enum Bound: Sendable {
        case scalar(Double)
        /// A sampler drawn before, by its place.
        case column(Int)
    }

    private let comparison: Constraint.Operator
    private let bound: Bound

    /// Nil when the column of the bound is none of `places`.
    init?(_ constraint: Constraint, places: [String: Int]) {
        comparison = constraint.comparison
        switch constraint.bound {
        case .scalar(let value): bound = .scalar(value)
        case .column(let name):
            guard let place = places[name] else { return nil }
            bound = .column(place)
        }
    }

    /// Whether a value meets it; text and missing values never do, but for text against text.
    func holds(_ value: JSONValue, row: (Int) -> JSONValue) -> Bool {
        switch bound {
        case .scalar(let bound): compare(value.doubleValue, bound)
        case .column(let place):
            switch (value, row(place)) {
            case (.string(let left), .string(let right)):
                compare(Array(left.unicodeScalars), Array(right.unicodeScalars))
            case (_, let right): compare(value.doubleValue, right.doubleValue)
            }
        }
    }

    private func compare(_ left: Double?, _ right: Double?) -> Bool {
        guard let left, let right else { return false }
        return switch comparison {
        case .lt: left < right
        case .le: left <= right
        case .gt: left > right
        case .ge: left >= right
        }
    }

    private func compare(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Bool {
        switch comparison {
        case .lt: left.lexicographicallyPrecedes(right)
        case .le: !right.lexicographicallyPrecedes(left)
        case .gt: right.lexicographicallyPrecedes(left)
        case .ge: !left.lexicographicallyPrecedes(right)
        }
    }
}
