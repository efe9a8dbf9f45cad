/// Why samplers cannot be prepared, or a record cannot be drawn.
package struct SamplingError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// The workflow holds a sampler that this module does not draw.
        case unsupported
        /// No value met the constraints.
        case constraintsNotMet
        /// A condition, or a value that another column's draw needs, could not be evaluated.
        case evaluationFailed
    }

    package let code: Code
    package let column: String
    /// The record that was drawn; nil while preparing.
    package let record: Int64?
    package let detail: String

    package var description: String {
        let place = record.map { " of record \($0)" } ?? ""
        return "column \(column)\(place): \(detail)"
    }
}
