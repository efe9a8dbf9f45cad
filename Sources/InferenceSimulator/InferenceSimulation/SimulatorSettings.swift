/// How the simulator behaves. All but host and port can be changed while it runs (`POST /config?name=value`).
package struct SimulatorSettings: Sendable {
    /// What decides, with the seed, whether a call fails.
    package enum ErrorKey: String, CaseIterable, Sendable {
        /// The prompt and how often it was tried: errors pass on retry, whatever order calls come in.
        case attempt
        /// The prompt: always the same prompts fail.
        case prompt
    }

    /// How a call fails.
    package enum ErrorKind: String, CaseIterable, Sendable {
        /// A reply with `errorStatus`.
        case status
        /// The connection is reset without a reply.
        case reset
        /// No reply until the client gives up; the call holds its slot.
        case hang
        /// Half of a good reply, then the connection closes.
        case truncate
        /// Status 200 with a body that is not JSON.
        case garbage
        /// Status 200 and a body that goes on for longer than any client should read.
        case endless
        /// A good reply, `slowness` later than others.
        case slow
    }

    /// How calls with a certain text in their request end.
    package struct PromptError: Sendable {
        package let kind: ErrorKind
        /// With the kind `status`.
        package let status: Int?
        /// As it stands in the request's JSON.
        package let text: [UInt8]
    }

    /// What a model may have of its own.
    package struct Model: Sendable {
        package var latency: Duration?
        package var maximumConcurrency: Int?
    }

    /// An address or a name to listen on.
    package var host = "127.0.0.1"
    /// 0 takes any free port.
    package var port = 0

    package var latency = Duration.zero
    /// Each call takes `latency` times a number within 1 - jitter and 1 + jitter, drawn by seed and prompt.
    package var latencyJitter = 0.0
    /// Calls in service at once, in all; nil has no limit.
    package var maximumConcurrency: Int?
    /// Takes the place of `maximumConcurrency`, second by second.
    package var capacitySchedule: CapacitySchedule?
    /// Whether the schedule's and the statistics' clock begins with the first call to a model.
    package var startsClockOnFirstRequest = false
    /// Calls admitted a second, by a bucket of `burst` tokens; nil has no limit. What comes above is refused with 429.
    package var requestsPerSecond: Double?
    /// Nil: a tenth of a second's calls, at least 1.
    package var burst: Double?
    /// Whether a call above a limit waits instead of being refused with 429.
    package var queues = false
    /// Sent as Retry-After with 429 and 503, in seconds.
    package var retryAfter: Double?
    /// Retry-After as an HTTP date, with a Date header.
    package var retryAfterAsDate = false

    /// The share of calls that fail, 0 to 1.
    package var errorRate = 0.0
    package var errorStatus = 500
    package var errorKind = ErrorKind.status
    package var errorKey = ErrorKey.attempt
    /// Calls whose request holds a text end in a way of their own, whatever the rate.
    package var promptErrors: [PromptError] = []
    /// What a slow call takes beyond its latency.
    package var slowness = Duration.seconds(3)
    /// Every call is answered with this status; nil answers normally.
    package var failStatus: Int?

    /// By name. A call may name any model; these are listed from the start, with what they have of their own.
    package var models: [String: Model] = [:]
    /// Words in a reply.
    package var words = 32
    /// Replies are a function of the seed, the model, all messages and the length.
    package var seed: UInt64 = 1
    /// The share of answers in JSON or code that are flawed, 0 to 1, by seed, prompt and how often it was tried.
    package var flawRate = 0.0
    /// How they are; nil takes one kind after the other.
    package var flaw: AnswerFlaw?
    /// The share of answers in code that no parser of the language takes, 0 to 1, by seed and prompt.
    package var invalidCodeRate = 0.0
    /// Whether a reply says what the model thought.
    package var reasons = false
    /// Whether a reply has `echo=` and the FNV-1a hash (64 bit, 16 digits) of the last user message.
    package var echoesPrompt = true
    /// Dimensions of an embedding for which the call does not say.
    package var embeddingDimensions = 32
    /// Pixels of an edge of an image.
    package var imageSide = 8

    /// Whether distinct and repeated prompts are counted (about 60 bytes for each distinct one).
    package var tracksPrompts = false
    /// How many of the last calls `GET /requests` shows.
    package var keptRequests = 0
    /// Whether they are shown with their bodies.
    package var keepsBodies = false
    /// A larger body gets 413.
    package var maximumBodyBytes = 64 << 20

    package init() {}
}
