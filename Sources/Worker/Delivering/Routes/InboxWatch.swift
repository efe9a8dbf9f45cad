/// Whether a worker still hears the exchanges that its inbox is bound to: it must hear its own beats.
///
/// One that does not has no lease soon and starts nothing; its queue may have lost its bindings, or itself be gone, without
/// a word to its consumer.
struct InboxWatch: Hashable, Sendable {
    typealias Instant = ContinuousClock.Instant

    /// Beats go out each second.
    static let patience: Duration = .seconds(3)

    /// Nil until the inbox is there for the first time.
    private var heardAt: Instant?

    /// The inbox is there, for the first time or again.
    mutating func ready(_ now: Instant) { heardAt = now }

    /// An own beat came back.
    mutating func heardItself(_ now: Instant) { if heardAt != nil { heardAt = now } }

    /// The inbox should be declared again; true once each `patience`.
    mutating func takeSilence(_ now: Instant) -> Bool {
        guard let heardAt, heardAt + Self.patience <= now else { return false }
        self.heardAt = now
        return true
    }
}
