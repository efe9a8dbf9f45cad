import Generation
import Inference
import Messages

/// How a call ended, as far as its cell and its route are concerned.
enum CallResult: Sendable {
    /// The conversation is over: the cell has its value.
    case value(WireResultCell)
    /// The conversation asks for another call, which takes its turn as any other.
    case again(Conversation)
    /// The same, said by a child process; with what its call used.
    case keptAgain(WireConversation, CallFigures)
    /// A reply without a value, or none: the failure's family says whose fault it is.
    case failed(CallFailure, CallFigures = CallFigures())
    /// The call failed by its own fault, and is worth another after a pause.
    case later(CallFailure, after: Duration)
    /// Nothing was sent: the messages cannot be made.
    case notSent(CallFailure)
    /// Taken back.
    case cancelled
    /// The child process that made it died, in these words.
    case childDied(String)
    /// No child process could be had for it, for this reason.
    case noChild(String)
}
