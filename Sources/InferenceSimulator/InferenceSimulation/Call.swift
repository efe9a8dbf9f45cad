import EventLoop

/// One call to a model, from its arrival until it is over.
final class Call {
    enum Outcome: String {
        case ok
        case limited
        case status
        case reset
        case hang
        case truncate
        case garbage
        case endless
        case slow
        case aborted

        init(_ kind: SimulatorSettings.ErrorKind) {
            switch kind {
            case .status: self = .status
            case .reset: self = .reset
            case .hang: self = .hang
            case .truncate: self = .truncate
            case .garbage: self = .garbage
            case .endless: self = .endless
            case .slow: self = .slow
            }
        }
    }

    enum Stage {
        case waiting
        case running
        case over
    }

    let id: Admission.CallID
    let model: String
    let prompt: UInt64
    /// Of everything that was said, not only the prompt.
    let conversation: UInt64
    let arrived: ContinuousClock.Instant
    /// 1 for the first at this prompt; 0 where nobody counts.
    var attempt = 0
    var stage = Stage.waiting
    var started: ContinuousClock.Instant?
    var timer: TimerID?
    /// What it will come to if the client stays.
    var outcome = Outcome.ok
    var status = 200
    var promptTokens = 0
    var completionTokens = 0
    var isTruncated = false
    /// The request's, where bodies are kept.
    var body: [UInt8]?
    /// The place in its connection's replies.
    let reply: PendingReply

    init(
        id: Admission.CallID, model: String, prompt: UInt64, conversation: UInt64, arrived: ContinuousClock.Instant,
        reply: PendingReply
    ) {
        self.id = id
        self.model = model
        self.prompt = prompt
        self.conversation = conversation
        self.arrived = arrived
        self.reply = reply
    }
}
