/// One call that brought no value.
package struct CallFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package let kind: FailureKind
    /// For people: at most 500 characters, from the endpoint's own error where it sent one. Neither the prompt nor the
    /// key is in it.
    package let message: String
    /// The reply's status; nil without a reply.
    package let status: Int?
    /// How long the endpoint asked to wait, at most 10 minutes; nil where it did not say.
    package let retryAfter: Duration?

    package init(kind: FailureKind, message: String, status: Int? = nil, retryAfter: Duration? = nil) {
        self.kind = kind
        self.message = ErrorText.shortened(message)
        self.status = status
        self.retryAfter = retryAfter
    }

    package var description: String { "\(kind.rawValue): \(message)" }
}
