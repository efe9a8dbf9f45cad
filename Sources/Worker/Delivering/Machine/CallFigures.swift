/// What a call, or a conversation's calls together, took.
struct CallFigures: Hashable, Sendable {
    /// Of the last call.
    var milliseconds: UInt32 = 0
    /// Of the last reply; empty where there was none.
    var finishReason = ""
    /// Of all replies.
    var inputTokens = 0
    var outputTokens = 0
}
