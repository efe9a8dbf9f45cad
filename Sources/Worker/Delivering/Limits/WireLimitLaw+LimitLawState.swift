import Messages
import Throttle

extension WireLimitLaw {
    init(_ law: LimitLawState) {
        self.init()
        state = law.state.rawValue
        limit = UInt32(clamping: law.limit)
        cap = UInt32(clamping: law.cap)
        step = UInt32(clamping: law.step)
        proven = UInt32(clamping: law.proven)
        wall = UInt32(clamping: law.wall ?? 0)
        round = UInt64(clamping: law.round)
        clean = UInt64(clamping: law.clean)
        since = law.since
        if let from = law.rampFrom { rampFrom = from }
        pausedUntil = law.pausedUntil
        patienceSeconds = law.patience
        warned = law.isWarned
        retryCostSeconds = law.retryCost
        lastRefusal = law.lastRefusal
        dry = UInt32(clamping: law.dry)
        if let since = law.refusedSince { refusedSince = since }
        callSeconds = law.callSeconds
        refusalSeconds = law.refusalSeconds
        if let waiting = law.gauge { gauge = UInt32(clamping: waiting) }
        gaugeAt = law.gaugeAt
        opened = UInt32(clamping: law.opened)
        closed = UInt32(clamping: law.closed)
        movedBy = law.movedBy
        refusals = UInt64(clamping: law.refusals)
    }

    /// - Parameter epoch: of the grant that carries it.
    func lawState(epoch: Int) -> LimitLawState {
        var law = LimitLawState()
        law.epoch = epoch
        law.state = ClusterLimit.State(rawValue: state) ?? .search
        law.limit = Int(limit)
        law.cap = Int(cap)
        law.step = Int(step)
        law.proven = Int(proven)
        law.wall = wall > 0 ? Int(wall) : nil
        law.round = Int(clamping: round)
        law.clean = Int(clamping: clean)
        law.since = since
        law.rampFrom = hasRampFrom ? rampFrom : nil
        law.pausedUntil = pausedUntil
        law.patience = patienceSeconds
        law.isWarned = warned
        law.retryCost = retryCostSeconds
        law.lastRefusal = lastRefusal
        law.dry = Int(dry)
        law.refusedSince = hasRefusedSince ? refusedSince : nil
        law.callSeconds = callSeconds
        law.refusalSeconds = refusalSeconds
        law.gauge = hasGauge ? Int(gauge) : nil
        law.gaugeAt = gaugeAt
        law.opened = Int(opened)
        law.closed = Int(closed)
        law.movedBy = movedBy
        law.refusals = Int(clamping: refusals)
        return law
    }
}
