/// One message of a conversation.
package struct ChatMessage: Hashable, Sendable {
    package enum Role: String, Hashable, Sendable {
        case system
        case user
        case assistant
    }

    /// A part of a message. The content of a message is always sent as a list of these.
    package enum Block: Hashable, Sendable {
        case text(String)
        case media(MediaBlock)
    }

    package let role: Role
    package let blocks: [Block]
    /// What the model thought before it said this; it stays in the conversation. Nil without any.
    package let reasoning: String?

    package init(_ role: Role, _ blocks: [Block], reasoning: String? = nil) {
        self.role = role
        self.blocks = blocks
        self.reasoning = reasoning
    }

    package init(_ role: Role, _ text: String) {
        self.init(role, [.text(text)])
    }

    /// The texts of all blocks, one after the other.
    package var text: String {
        blocks.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined(separator: "\n")
    }
}
