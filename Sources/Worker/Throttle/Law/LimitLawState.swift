/// A law as it travels: everything but its settings, which every worker has of its own.
///
/// Times are seconds from the message that carries it, negative for the past.
package struct LimitLawState: Hashable, Sendable {
    package var state = ClusterLimit.State.search
    package var epoch = 0
    package var limit = 1
    package var cap = 1
    package var step = 1
    package var proven = 0
    package var wall: Int?
    package var round = 0
    package var clean = 0
    package var since = 0.0
    package var rampFrom: Double?
    package var pausedUntil = -Double.infinity
    package var patience = Double.infinity
    package var isWarned = false
    package var retryCost = 0.0
    package var lastRefusal = -Double.infinity
    package var dry = 0
    package var refusedSince: Double?
    package var callSeconds = 0.25
    package var refusalSeconds = 0.0
    package var gauge: Int?
    package var gaugeAt = -Double.infinity
    package var opened = 0
    package var closed = 0
    package var movedBy = ""
    package var refusals = 0

    package init() {}
}

extension ClusterLimit {
    package init(_ state: LimitLawState) {
        var settings = LimitSettings(cap: state.cap)
        settings.start = max(1, state.limit)
        self.init(settings, state.since)
        self.state = state.state
        epoch = state.epoch
        limit = max(1, state.limit)
        step = state.step
        proven = state.proven
        wall = state.wall
        round = state.round
        clean = state.clean
        rampFrom = state.rampFrom
        pausedUntil = state.pausedUntil
        patience = state.patience
        isWarned = state.isWarned
        retryCost = state.retryCost
        lastRefusal = state.lastRefusal
        dry = state.dry
        refusedSince = state.refusedSince
        callSeconds = state.callSeconds
        refusalSeconds = state.refusalSeconds
        gauge = state.gauge
        gaugeAt = state.gaugeAt
        opened = state.opened
        closed = state.closed
        movedBy = state.movedBy
        refusals = state.refusals
    }

    package var lawState: LimitLawState {
        var copy = LimitLawState()
        copy.state = state
        copy.epoch = epoch
        copy.limit = limit
        copy.cap = settings.cap
        copy.step = step
        copy.proven = proven
        copy.wall = wall
        copy.round = round
        copy.clean = clean
        copy.since = since
        copy.rampFrom = rampFrom
        copy.pausedUntil = pausedUntil
        copy.patience = patience
        copy.isWarned = isWarned
        copy.retryCost = retryCost
        copy.lastRefusal = lastRefusal
        copy.dry = dry
        copy.refusedSince = refusedSince
        copy.callSeconds = callSeconds
        copy.refusalSeconds = refusalSeconds
        copy.gauge = gauge
        copy.gaugeAt = gaugeAt
        copy.opened = opened
        copy.closed = closed
        copy.movedBy = movedBy
        copy.refusals = refusals
        return copy
    }

    /// The same law under the settings of whoever goes on with it; the cap is its leader's business.
    func adopting(_ settings: LimitSettings) -> ClusterLimit {
        var law = self
        let cap = law.settings.cap
        law.settings = settings
        law.settings.cap = cap
        law.settle = settings.settle
        return law
    }
}
