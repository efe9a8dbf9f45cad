/// Every decision of a leader carries its law, so that any worker can go on from it.
extension ClusterLimit {
    /// The same law with its times counted from `now`: no message carries a clock time.
    func leaving(_ now: Double) -> ClusterLimit { shifted(by: -now) }

    /// A law that came by a message at `now`. It starts an epoch of its own.
    func arriving(_ now: Double) -> ClusterLimit {
        var law = shifted(by: now)
        law.epoch += 1
        return law
    }

    private func shifted(by seconds: Double) -> ClusterLimit {
        var law = self
        law.since += seconds
        law.pausedUntil += seconds
        law.lastRefusal += seconds
        law.gaugeAt += seconds
        law.refusedSince = refusedSince.map { $0 + seconds }
        law.rampFrom = rampFrom.map { $0 + seconds }
        return law
    }
}
