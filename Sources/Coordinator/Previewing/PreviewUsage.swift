/// What the calls to one model came to.
package struct PreviewUsage: Sendable, Hashable {
    /// As the workflow names the model's provider.
    package let provider: String
    package let model: String
    package var calls = 0
    /// Calls that brought no answer.
    package var failed = 0
    package var inputTokens = 0
    package var outputTokens = 0
}
