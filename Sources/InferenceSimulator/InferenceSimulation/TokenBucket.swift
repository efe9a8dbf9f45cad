/// So many calls a second, and so many at once after a pause. Times are seconds of one clock.
struct TokenBucket: Hashable, Sendable {
    let rate: Double
    let size: Double
    private var tokens: Double
    private var filledAt: Double

    init(rate: Double, size: Double, _ now: Double) {
        self.rate = rate
        self.size = max(1, size)
        tokens = self.size
        filledAt = now
    }

    /// False when the bucket is empty.
    mutating func take(_ now: Double) -> Bool {
        tokens = min(size, tokens + max(0, now - filledAt) * rate)
        filledAt = now
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
