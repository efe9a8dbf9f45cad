/// Whether a worker still hears the exchanges that its inbox is bound to: it must hear its own beats.
///
/// One that does not has no lease soon and starts nothing; its queue may have lost its bindings, or itself be gone,
/// without a word to its consumer. Silence counts from a beat that could be heard: the inbox was there, both
/// connections were, and the broker took what this worker sent.
struct InboxWatch: Hashable, Sendable {
    typealias Instant = ContinuousClock.Instant

    /// Beats go out each second.
    static let patience: Duration = .seconds(3)

    private var isThere = false
    private var canHear = false
    private var canSpeak = false
    private var isBlocked = false
    /// When the first of the beats was sent that did not come back.
    private var unheardSince: Instant?

    /// The inbox is there, for the first time or again.
    mutating func ready() {
        isThere = true
        unheardSince = nil
    }

    /// The connection that the inbox is read by came up, or went away.
    mutating func hearingChanged(isConnected: Bool) {
        canHear = isConnected
        unheardSince = nil
    }

    /// The connection that beats are sent by came up, or went away.
    mutating func speakingChanged(isConnected: Bool) {
        canSpeak = isConnected
        isBlocked = false
        unheardSince = nil
    }

    /// The broker takes nothing for now, or does again.
    mutating func block(_ isBlocked: Bool) {
        self.isBlocked = isBlocked
        unheardSince = nil
    }

    /// An own beat is sent.
    mutating func spoke(_ now: Instant) {
        if isThere, canHear, canSpeak, !isBlocked { unheardSince = unheardSince ?? now }
    }

    /// An own beat came back.
    mutating func heardItself() { unheardSince = nil }

    /// The inbox should be declared again; true once each `patience`.
    mutating func takeSilence(_ now: Instant) -> Bool {
        guard let unheardSince, unheardSince + Self.patience <= now else { return false }
        self.unheardSince = now
        return true
    }
}
