/// What happened in each second, for all calls or one model's: counts, and areas that are exact to the microsecond.
///
/// Outcomes count in the second in which they happen; busy and capacity are integrated and split at whole seconds. The
/// last two hours are kept.
struct SecondLedger {
    struct Second {
        var requests = 0
        var ok = 0
        var refused = 0
        var errors = 0
        var aborted = 0
        var busy = 0.0
        /// Slot-seconds that there were; meaningless without a limit.
        var capacity = 0.0
        var waiting = 0.0
        /// Seconds by the number of calls that waited; the last one counts all above.
        var waits: [Int32: Double] = [:]
    }

    static let most = 7200

    private(set) var seconds: [Second] = [Second()]
    private var running = 0
    private var waiting = 0
    private var limit: Int?
    private(set) var hasLimit = false
    private var at = 0.0

    /// Lets time pass until `now`, seconds since the clock began; then the levels are these.
    mutating func advance(_ now: Double, running: Int, waiting: Int, limit: Int?) {
        let now = min(now, Double(Self.most) - 1e-6)
        while at < now {
            let place = Int(at)
            let end = min(now, Double(place + 1))
            let span = end - at
            while seconds.count <= place { seconds.append(Second()) }
            seconds[place].busy += span * Double(self.running)
            seconds[place].capacity += span * Double(self.limit ?? 0)
            seconds[place].waiting += span * Double(self.waiting)
            seconds[place].waits[Int32(clamping: self.waiting), default: 0] += span
            at = end
        }
        self.running = running
        self.waiting = waiting
        self.limit = limit
        hasLimit = hasLimit || limit != nil
    }

    /// Counts something in the current second.
    mutating func count(_ change: (inout Second) -> Void) {
        let place = min(Int(at), Self.most - 1)
        while seconds.count <= place { seconds.append(Second()) }
        change(&seconds[place])
    }

    /// What was counted is forgotten; the levels stay.
    mutating func reset() {
        seconds = [Second()]
        at = 0
    }

    /// The sums over the whole seconds `from <= s < to` that are over, and how many those are.
    func sum(from: Int, to: Int) -> (seconds: Int, total: Second) {
        var total = Second()
        let range = max(0, from)..<max(0, from, min(to, Int(at)))
        for place in range where place < seconds.count {
            let second = seconds[place]
            total.requests += second.requests
            total.ok += second.ok
            total.refused += second.refused
            total.errors += second.errors
            total.aborted += second.aborted
            total.busy += second.busy
            total.capacity += second.capacity
            total.waiting += second.waiting
            total.waits.merge(second.waits) { $0 + $1 }
        }
        return (range.count, total)
    }
}

extension SecondLedger.Second {
    /// The number of waiting calls that was not exceeded for 95 % of the time.
    var waitingAtMostMostly: Int {
        let whole = waits.values.reduce(0, +)
        var passed = 0.0
        for (count, span) in waits.sorted(by: { $0.key < $1.key }) {
            passed += span
            if passed >= 0.95 * whole { return Int(count) }
        }
        return 0
    }
}
