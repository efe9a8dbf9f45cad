/// How many deliveries of a route a worker should hold.
enum PrefetchRule {
    /// Bodies held of one route.
    static let mostBytes = 64 << 20
    /// How long a delivery may have to wait for a slot by our own choice: well under the 30 s of handing back.
    static let longestWait: Duration = .seconds(5)
    /// How long a delivery is held after its call ended, until the broker has its result and another one came.
    static let publishing: Duration = .milliseconds(40)

    /// A little above the share, so that a slot never waits for a delivery; 0 for a share of 0.
    ///
    /// - Parameters:
    ///   - share: calls that may run at once.
    ///   - isRising: the share may soon be twice as large.
    ///   - meanCall: nil before the first call ended.
    ///   - meanCells: cells of a task, at least 1.
    ///   - meanBytes: of a task's body.
    static func wanted(
        share: Int, isRising: Bool = false, meanCall: Duration?, meanCells: Double, meanBytes: Double
    ) -> Int {
        guard share > 0 else { return 0 }
        var spare = Double(share) / 4 + 4
        if isRising { spare += Double(share) }
        var answered = 0.0
        if let meanCall, meanCall > .zero {
            // Where calls are long a slot loses little by waiting, and a delivery too many much.
            spare = min(spare, Double(share) * (longestWait / meanCall))
            // Where they are short, more is held for its confirm than for its call.
            answered = min(1000, Double(share) * (publishing / meanCall))
        }
        let cells = Double(share) + (spare + answered).rounded(.down)
        let deliveries = (cells / max(1, meanCells)).rounded(.up)
        return max(1, min(Int(deliveries), Int(Double(mostBytes) / max(1, meanBytes))))
    }
}
