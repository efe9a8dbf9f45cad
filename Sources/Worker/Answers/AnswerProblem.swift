/// Why an answer is not what was asked for.
package struct AnswerProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// What was asked for is not in it, or cannot be read.
        case parse
        /// It can be read, and does not match its schema.
        case schema
    }

    package let kind: Kind
    /// For people and for the ledger: never more of the answer than a few words.
    package let description: String
    /// What a correction says to the model. It may quote the answer, which the model wrote itself.
    package let correction: String

    init(_ kind: Kind, _ description: String, correction: String? = nil) {
        self.kind = kind
        self.description = description
        self.correction = correction ?? description
    }
}
