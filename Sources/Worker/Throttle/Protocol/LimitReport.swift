/// Worker to leader; to everyone while it knows none. Counts are cumulative, so that a lost report costs only time.
package struct LimitReport: Hashable, Sendable {
    package var worker: String
    /// Of this worker's reports; the answer to it renews the lease.
    package var number: Int
    /// Whom it follows: the leader and its term; nil and -1 for nobody yet.
    package var term = -1
    package var leader: String?
    /// The last grant that it applied.
    package var acknowledged = -1
    package var epoch = 0
    /// Calls admitted under `epoch` that were served and refused, and calls that were ever served.
    package var served = 0
    package var refused = 0
    package var finished = 0
    /// Calls refused, of any epoch.
    package var refusedEver = 0
    /// Seconds that are left of the endpoint's Retry-After.
    package var retryAfter = 0.0
    package var inFlight = 0
    /// In flight and waiting.
    package var want = 0
    /// 0 once the lease has run out.
    package var share = 0
    package var callSeconds = 0.0
    package var refusalSeconds = 0.0
    /// It knows no leader.
    package var isSeeking = false
    /// Seconds since a leader decided, as far as it knows: older leases have run out. Infinity for never.
    package var leaderSilence = 0.0
    /// It was refused: only an answer to the report of this number or a later one raises its share; or 0.
    package var forfeited = 0
    /// The key's cap as this worker knows it, and whether it is its operator's, which replaces the workflows'.
    package var cap = 0
    package var isOperatorsCap = false
}

extension LimitReport {
    package init(worker: String, number: Int) { self.init(worker: worker, number: number, term: -1) }
}
