/// The prefetch of one route's consumer: when to change it, and to what.
///
/// A changed prefetch is a new subscription, for which deliveries still held from the one before do not count. So it
/// gets what is wanted less what is held, and when those are gone, once more what is wanted: at that moment more may
/// be held than wanted, for about one call's time.
struct ConsumerWindow: Hashable, Sendable {
    typealias Instant = ContinuousClock.Instant

    /// Between two changes, but those to and from 0.
    static let spacing: Duration = .milliseconds(200)
    /// The same where much more is wanted.
    static let growthSpacing: Duration = .milliseconds(50)
    /// What AMQP can carry, and more than a worker needs.
    static let most = 60_000

    /// The prefetch of the subscription there is; 0 without one.
    private(set) var granted = 0
    /// Counts the subscriptions; a delivery is told which one it came under.
    private(set) var subscription = 0
    /// Deliveries held from earlier subscriptions.
    private var outside = 0
    private var changedAt: Instant?
    private var lastWanted = 0

    /// The prefetch to set, or nil while that of now will do.
    ///
    /// - Parameters:
    ///   - wanted: deliveries that should be held at most; 0 stops the subscription.
    ///   - held: deliveries held now, from whatever subscription.
    mutating func adjust(wanted: Int, held: Int, at now: Instant) -> Int? {
        let wanted = min(wanted, Self.most)
        if wanted == 0 { return granted == 0 ? nil : set(0, held, wanted, now) }
        if granted == 0 { return held < wanted ? set(wanted - held, held, wanted, now) : nil }
        let reach = granted + outside
        // What holds calls back is mended sooner than what is only too much.
        let spacing = wanted * 2 > reach * 3 ? Self.growthSpacing : Self.spacing
        if let changedAt, now < changedAt + spacing { return nil }

        if wanted > lastWanted, wanted > reach {
            return held < wanted ? set(wanted - held, held, wanted, now) : nil
        }
        // Not for every small step down: a subscription costs more than a few deliveries too many.
        if wanted * 3 < reach * 2 { return set(max(0, wanted - held), held, wanted, now) }
        if reach * 5 < wanted * 4 { return set(wanted, held, wanted, now) }
        return nil
    }

    /// A delivery that came under `subscription` is held no more.
    mutating func release(_ subscription: Int) {
        if subscription < self.subscription { outside -= 1 }
    }

    /// The consumer was lost: nothing is held, and it comes back with the prefetch it had.
    mutating func lose() {
        outside = 0
    }

    private mutating func set(_ prefetch: Int, _ held: Int, _ wanted: Int, _ now: Instant) -> Int? {
        lastWanted = wanted
        guard prefetch != granted else { return nil }
        granted = prefetch
        subscription += 1
        outside = held
        changedAt = now
        return prefetch
    }
}
