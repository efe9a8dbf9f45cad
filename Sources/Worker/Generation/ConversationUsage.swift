import Inference

/// Tokens of all replies of a conversation, and what the last one said of itself.
package struct ConversationUsage: Hashable, Sendable {
    package private(set) var inputTokens = 0
    package private(set) var outputTokens = 0
    package private(set) var finishReason = ""

    /// None yet.
    package init() {}

    mutating func add(_ reply: ModelReply) {
        inputTokens += reply.inputTokens
        outputTokens += reply.outputTokens
        finishReason = reply.finishReason
    }
}
