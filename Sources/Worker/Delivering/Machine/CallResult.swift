import Generation
import Inference
import Messages

/// How a call ended, as far as its cell and its route are concerned.
enum CallResult: Sendable {
    /// The conversation is over: the cell has its value.
    case value(WireResultCell)
    /// The conversation asks for another call, which takes its turn as any other.
    case again(Conversation)
    /// A reply without a value, or none: the failure's family says whose fault it is.
    case failed(CallFailure, milliseconds: UInt32 = 0, finishReason: String = "")
    /// Nothing was sent: the messages cannot be made.
    case notSent(CallFailure)
    /// Taken back.
    case cancelled
}
