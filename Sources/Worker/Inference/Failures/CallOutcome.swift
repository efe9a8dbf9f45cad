/// What a call brought.
package enum CallOutcome: Sendable {
    case reply(ModelReply)
    /// See the failure's kind and family for what is to be done.
    case failed(CallFailure)
    /// The worker itself ended the call. Not a failure of anything.
    case cancelled
}
