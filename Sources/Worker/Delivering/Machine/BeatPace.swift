/// When a worker's next beat is due, and under which number.
struct BeatPace: Sendable {
    typealias Instant = ContinuousClock.Instant

    let worker: String
    let providers: [String]

    /// Something changed that the others should know at once.
    private(set) var isChanged = true
    private(set) var lastNumber: UInt64 = 0
    private var lastSent: Instant?
    /// Own beats by number, until they come back from the exchange or are out of date.
    private var sent: [UInt64: Instant] = [:]

    init(worker: String, providers: [String]) {
        self.worker = worker
        self.providers = providers
    }

    mutating func change() { isChanged = true }

    /// When the next one is due; nil: at once, it is the first.
    func nextDue(_ rules: WorkerRules) -> Instant? {
        lastSent.map { $0 + (isChanged ? rules.beatSpacing : rules.beatInterval) }
    }

    /// The number of the beat that is sent now.
    mutating func send(_ now: Instant) -> UInt64 {
        lastNumber += 1
        lastSent = now
        isChanged = false
        sent[lastNumber] = now
        sent = sent.filter { now < $0.value + .seconds(10) }
        return lastNumber
    }

    /// When the own beat that came back was sent; nil for one that is too old.
    func sentAt(_ number: UInt64) -> Instant? { sent[number] }
}
