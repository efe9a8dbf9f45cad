package import Inference

/// Why a preview ends before its records are made: an endpoint cannot be used.
package struct PreviewStop: Error, Sendable, Hashable {
    package let provider: String
    package let failure: CallFailure

    package init(provider: String, failure: CallFailure) {
        self.provider = provider
        self.failure = failure
    }
}
