/// Worker to leader; to everyone while it knows none. Counts are cumulative, so that a lost report costs only time.
package struct LimitReport: Hashable, Sendable {
    package var worker: String
    /// Of this worker's reports; the answer to it renews the lease.
    package var number: Int
    /// Whom it follows: the leader and its term; nil and -1 for nobody yet.
    package var term: Int
    package var leader: String?
    /// The last grant that it applied.
    package var acknowledged: Int
    package var epoch: Int
    /// Calls admitted under `epoch` that were served and refused, and calls that were ever served.
    package var served: Int
    package var refused: Int
    package var finished: Int
    /// Seconds that are left of the endpoint's Retry-After.
    package var retryAfter: Double
    package var inFlight: Int
    /// In flight and waiting.
    package var want: Int
    /// 0 once the lease has run out.
    package var share: Int
    package var callSeconds: Double
    package var refusalSeconds: Double
    /// It knows no leader.
    package var isSeeking: Bool
    /// It was refused: only an answer to the report of this number or a later one raises its share; or 0.
    package var forfeited: Int
}
