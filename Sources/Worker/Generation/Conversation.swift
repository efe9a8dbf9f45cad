package import Inference
package import Messages

/// What is said to a model, and back, until a cell has its value.
///
/// Replies in, requests out: a text column needs one request, and takes whatever comes back.
package struct Conversation: Sendable {
    /// What is to be done after a reply.
    package enum Step: Sendable {
        /// Send `messages` again: they have grown, or began anew.
        case request
        case value(WireValue)
        case failed(CallFailure)
    }

    /// What to send.
    package private(set) var messages: [ChatMessage]

    package init(_ messages: [ChatMessage]) {
        self.messages = messages
    }

    /// Takes the model's answer. A text is kept as it is but for white space around it; an empty one is a value too.
    package mutating func receive(_ reply: ChatReply) -> Step {
        .value(WireValue(cellText: reply.text.trimmedAsPython))
    }
}
