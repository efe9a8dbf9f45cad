import Answers
import CellValues
package import Inference
import JSON
package import Messages

/// What is said to a model, and back, until a cell has its value.
///
/// Replies in, requests out. An answer that cannot be used is corrected (it stays, and the model is told what is wrong
/// with it) as often as the rules allow, then the conversation begins anew from its first messages, then the cell
/// fails: at most (1 + restarts) x (1 + corrections) requests. A text can always be used.
package struct Conversation: Sendable {
    /// What is to be done after a reply.
    package enum Step: Sendable {
        /// Send `messages` again: they have grown, or began anew.
        case request
        case value(CellValue)
        case failed(CallFailure)
    }

    /// What to send.
    package var ask: ModelAsk {
        if let image { return .image(image.ask) }
        return inputs.map { .embeddings($0) } ?? .chat(messages, drawn)
    }
    private(set) var messages: [ChatMessage]
    /// Parameters that are drawn for the next request.
    private(set) var drawn: DrawnParameters
    /// Of all replies so far.
    package private(set) var usage = ConversationUsage()
    /// Conversations that were given up, and corrections in this one.
    package private(set) var restarts = 0
    package private(set) var corrections = 0

    private let first: [ChatMessage]
    private let column: AnswerColumn
    private let record: Int64
    /// Of an embedding: one request, and no conversation.
    private let inputs: [String]?
    /// Of an image, likewise; the name of its column is a folder's.
    private let image: (ask: ImageAsk, column: String)?

    init(image ask: ImageAsk, column name: String, of column: AnswerColumn, record: Int64) {
        image = (ask, name)
        inputs = nil
        self.column = column
        self.record = record
        messages = []
        first = []
        drawn = DrawnParameters()
    }

    init(embedding inputs: [String], of column: AnswerColumn, record: Int64) {
        self.inputs = inputs
        image = nil
        self.column = column
        self.record = record
        messages = []
        first = []
        drawn = DrawnParameters()
    }

    init(_ messages: [ChatMessage], of column: AnswerColumn, record: Int64) {
        self.messages = messages
        first = messages
        self.column = column
        self.record = record
        inputs = nil
        image = nil
        drawn = column.draw(record: record, restart: 0, correction: 0)
    }

    /// What has to be kept of it so that it can go on elsewhere; nil while it stands at its first messages, with
    /// nothing used up.
    package var kept: WireConversation? {
        guard restarts > 0 || corrections > 0 else { return nil }
        var kept = WireConversation()
        kept.restarts = UInt32(clamping: restarts)
        kept.corrections = UInt32(clamping: corrections)
        kept.messages = messages.dropFirst(first.count).map { message in
            var said = WireConversationMessage()
            said.role = message.role.rawValue
            said.text = message.text
            if let reasoning = message.reasoning { said.reasoning = reasoning }
            return said
        }
        return kept
    }

    /// Goes on from where it stood elsewhere. What that used is counted there.
    package mutating func goOn(from kept: WireConversation) {
        restarts = Int(kept.restarts)
        corrections = Int(kept.corrections)
        messages =
            first
            + kept.messages.map {
                ChatMessage(
                    ChatMessage.Role(rawValue: $0.role) ?? .user, [.text($0.text)],
                    reasoning: $0.hasReasoning ? $0.reasoning : nil)
            }
        drawn = column.draw(record: record, restart: kept.restarts, correction: kept.corrections)
    }

    /// Takes the model's answer, without the white space around it.
    package mutating func receive(_ reply: ModelReply) -> Step {
        usage.add(reply)
        if inputs != nil { return .value(CellValue(WireValue(reply.embedding))) }
        if let image {
            do throws(CallFailure) {
                return .value(try ImageAnswer.value(of: reply, column: image.column))
            } catch {
                return .failed(error)
            }
        }
        let answer = reply.text.strippedAsPython
        let said = ChatMessage(.assistant, [.text(answer)], reasoning: reply.reasoning)
        let value: JSONValue
        do throws(AnswerProblem) {
            value = try column.format.read(answer)
        } catch {
            return goOn(after: said, error, reply)
        }
        messages.append(said)
        return .value(CellValue(WireValue(value), sideValues: sideValues(reply)))
    }

    private mutating func goOn(after said: ChatMessage, _ problem: AnswerProblem, _ reply: ModelReply) -> Step {
        if corrections < column.maximumCorrections {
            corrections += 1
            messages.append(said)
            messages.append(ChatMessage(.user, problem.correction))
        } else if restarts < column.maximumRestarts {
            restarts += 1
            corrections = 0
            messages = first
        } else {
            let cut = reply.finishReason == "length" || reply.finishReason == "max_tokens"
            let advice = cut ? " (it was cut off: raise max_tokens)" : ""
            let kind: FailureKind = problem.kind == .parse ? .parse : .schema
            return .failed(CallFailure(kind: kind, message: problem.description + advice))
        }
        drawn = column.draw(record: record, restart: UInt32(restarts), correction: UInt32(corrections))
        return .request
    }

    private func sideValues(_ reply: ModelReply) -> [WireValue] {
        var values: [WireValue] = []
        switch column.trace {
        case .none: break
        case .lastMessage: values.append(WireValue(.array(messages.suffix(1).map(\.traced))))
        case .allMessages: values.append(WireValue(.array(messages.map(\.traced))))
        }
        if column.extractsReasoning {
            let reasoning = reply.reasoning?.strippedAsPython ?? ""
            values.append(WireValue(reasoning.isEmpty ? .null : .string(reasoning)))
        }
        return values
    }
}

extension ChatMessage {
    /// As it stands in a trace.
    fileprivate var traced: JSONValue {
        var message: JSONObject = [
            "role": .string(role.rawValue),
            "content": .array(
                blocks.map { block in
                    switch block {
                    case .text(let text): ["type": "text", "text": .string(text)]
                    case .media(let media): media.canonical
                    }
                }),
        ]
        if let reasoning { message["reasoning_content"] = .string(reasoning) }
        return .object(message)
    }
}

extension ModelReply {
    /// The value of an embedding's cell.
    fileprivate var embedding: JSONValue {
        [
            "embeddings": .array(vectors.map { .array($0.map { .number($0) }) }),
            "num_embeddings": .integer(Int64(vectors.count)), "dimension": .integer(Int64(vectors.first?.count ?? 0)),
        ]
    }
}
