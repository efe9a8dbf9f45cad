/// Waits that double from one to the next, up to a limit, each cut at random to between a half and the whole of it,
/// so that many clients of one broker do not come back at the same moment.
struct Backoff: Sendable {
    private let first: Duration
    private let limit: Duration
    private var current: Duration

    init(_ range: ClosedRange<Duration>) {
        first = range.lowerBound
        limit = range.upperBound
        current = range.lowerBound
    }

    mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        let wait = current * Double.random(in: 0.5...1, using: &generator)
        current = min(current * 2, limit)
        return wait
    }

    mutating func next() -> Duration {
        var generator = SystemRandomNumberGenerator()
        return next(using: &generator)
    }

    mutating func reset() { current = first }
}
