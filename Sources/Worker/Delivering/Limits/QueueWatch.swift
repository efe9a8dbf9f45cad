import Messages

/// When to ask an endpoint how many calls wait there, and where.
///
/// As often as the limit wants to know while it answers. One that does not have the figure is asked again ever more
/// rarely: it may be a gateway without one, or may just have been restarted.
struct QueueWatch: Hashable, Sendable {
    typealias Instant = ContinuousClock.Instant

    static let firstRest: Duration = .seconds(15)
    static let longestRest: Duration = .seconds(600)
    /// A question that was not answered for so long is lost.
    static let patience: Duration = .seconds(5)

    /// Of the places where the figure may be.
    private(set) var place = 0
    private var dueAt: Instant?
    private var lastAnswer: Instant?
    private var rest = Self.firstRest
    private var failures = 0

    /// The place to ask now, or nil.
    mutating func ask(every interval: Duration, _ now: Instant) -> Int? {
        if let dueAt, now < dueAt { return nil }
        if let lastAnswer, now < lastAnswer + interval { return nil }
        dueAt = now + Self.patience
        return place
    }

    /// An answer came; nil: it has no such figure.
    mutating func answered(_ waiting: Int?, places: Int, _ now: Instant) {
        if waiting != nil {
            dueAt = nil
            lastAnswer = now
            rest = Self.firstRest
            failures = 0
            return
        }
        failures += 1
        lastAnswer = nil
        place = (place + 1) % max(1, places)
        // Every place once, then a rest.
        guard failures % max(1, places) == 0 else {
            dueAt = now
            return
        }
        dueAt = now + rest
        rest = min(rest * 2, Self.longestRest)
    }
}
