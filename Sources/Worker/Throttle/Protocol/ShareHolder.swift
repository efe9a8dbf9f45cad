/// The leader's book on one worker.
struct ShareHolder: Sendable {
    /// A share that was sent and may be in force there.
    struct SentShare: Sendable {
        let number: Int
        let share: Int
        let at: Double
        /// The number of the report that it answers.
        let answers: Int
    }

    let worker: String
    var heardAt: Double
    var number = 0
    var share = 0
    var inFlight = 0
    var want = 0
    var acknowledged = -1
    var acknowledgedAt: Double
    var sent: [SentShare] = []
    /// The share that an earlier leader lent it, and until when it may be in force.
    var inherited: (share: Int, until: Double) = (0, -.infinity)
    /// The share that it kept after a refusal, and until when it may be in force.
    var kept: (share: Int, until: Double) = (0, -.infinity)
    var epoch = -1
    var served = 0
    var finished: Int
    var refusedEver: Int
    var callSeconds = 0.0
    var cap: (count: Int, isOperators: Bool)
    /// It gave a slot up after a refusal and waits for the answer.
    var isOwed = false
    /// It has one of the slots that do not divide evenly, and since when.
    var hasExtra = false
    var turn = 0.0
    /// When its last whole turn ended: its place in the line.
    var waits: Double

    init(_ report: LimitReport, _ now: Double) {
        worker = report.worker
        heardAt = now
        acknowledgedAt = now
        waits = now
        finished = report.finished
        refusedEver = report.refusedEver
        cap = (report.cap, report.isOperatorsCap)
    }

    /// The most that this worker may have in flight now: what was taken back counts until that is seen or run out.
    mutating func held(_ now: Double) -> Int {
        sent.removeAll { $0.number < acknowledged || $0.at + LimitTiming.lease <= now }
        let granted = sent.lazy.map(\.share).max() ?? 0
        return max(
            inFlight, granted, inherited.until > now ? inherited.share : 0, kept.until > now ? kept.share : 0)
    }
}
