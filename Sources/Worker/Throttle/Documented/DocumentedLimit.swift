/// The published controller as a `LimitController`: this worker alone, without a word to or from the others.
package struct DocumentedLimit: LimitController {
    private static let domain = "key"

    private let origin: Instant
    private var controller: DocumentedAdmission
    private var isDraining = false
    private var meanSeconds: Double?

    package init(_ settings: DocumentedSettings, _ now: Instant) {
        origin = now
        controller = DocumentedAdmission(settings)
    }

    package var limit: Int { controller.levels[Self.domain]?.limit ?? controller.settings.cap }
    package var inFlight: Int { controller.inFlight }
    package var meanCall: Duration? { meanSeconds.map { .seconds($0) } }

    package func share(_ now: Instant) -> Int { isDraining ? 0 : limit }

    package func pausedUntil(_ now: Instant) -> Instant? {
        guard let until = controller.levels[Self.domain]?.pausedUntil, until > seconds(now) else { return nil }
        return origin + .nanoseconds(Int64((until * 1e9).rounded(.up)) + 1)
    }

    package mutating func setCap(_ cap: Int, isOperators: Bool, _ now: Instant) {
        guard cap != controller.settings.cap else { return }
        controller.setCap(cap)
    }
    package mutating func adopt(_ settings: LimitSettings, _ now: Instant) {
        var settings = settings
        settings.cap = controller.settings.cap
        controller.adopt(DocumentedSettings(settings))
    }
    package mutating func demand(_ waiting: Int, _ now: Instant) {}
    package mutating func drain(_ now: Instant) { isDraining = true }

    package func canStart(_ now: Instant) -> Bool {
        var copy = self
        return copy.start(now) != nil
    }

    package mutating func start(_ now: Instant) -> Permit? {
        guard !isDraining, let stamp = controller.tryAcquire(Self.domain, seconds(now)) else { return nil }
        return Permit(epoch: stamp, startedAt: now)
    }

    package mutating func finish(_ permit: Permit, _ end: CallEnd, _ now: Instant) {
        let ended: DocumentedAdmission.End
        switch end {
        case .served:
            ended = .succeeded
            let took = permit.startedAt.duration(to: now) / .seconds(1)
            meanSeconds = meanSeconds.map { $0 + (took - $0) * 0.1 } ?? took
        case .refused(let retryAfter): ended = .rateLimited(retryAfter: retryAfter.map { $0 / .seconds(1) })
        case .failed: ended = .failed
        }
        controller.release(Self.domain, stamp: permit.epoch, ended, seconds(now))
    }

    package mutating func hear(_ message: LimitMessage, _ now: Instant) {}
    package mutating func tick(_ now: Instant) {}
    package mutating func takeMessages(_ now: Instant) -> [OutgoingLimitMessage] { [] }
    package func nextChange(_ now: Instant) -> Instant? { isDraining ? nil : pausedUntil(now) }

    private func seconds(_ now: Instant) -> Double { origin.duration(to: now) / .seconds(1) }
}
