import Generation
import Messages
import Throttle

extension WireReturned {
    static func because(_ reason: String, _ message: String = "") -> WireReturned {
        filled(WireReturned()) {
            $0.reason = reason
            $0.message = String(message.prefix(500))
        }
    }
}

extension WorkerStateMachine {
    /// Why a cell of this job that does not run on this route is not kept; nil when it may wait.
    mutating func refusal(of job: String, on route: Route) -> WireReturned? {
        if phase != .serving { return .because("drain") }
        if stoppedJobs.contains(job) {
            // The news that it goes on may have been lost.
            askForState()
            return .because("stopped")
        }
        guard let served = routes[route] else { return .because("endpoint", "this worker does not serve the provider") }
        if let breaker = openBreaker(of: served) { return .because("endpoint", breaker.reason) }
        return nil
    }

    /// Gives a cell its outcome, and that its way.
    mutating func settle(_ id: CellID, _ outcome: CellOutcome, _ now: Instant) {
        guard let cell = ledger.cells[id] else { return }
        quickTries[id] = nil
        if cell.isCalling, running[id]?.isCancelled == false {
            running[id]?.isCancelled = true
            actions.append(.cancelCall(id))
        }
        let outcome = outcome.completed(of: cell).withinMessages
        guard ledger.settle(id, outcome) else { return }
        let kind = outcome.isValue ? OutboxLane.Kind.results : .salvage
        outbox.put(id, bytes: outcome.bytes, in: OutboxLane(kind: kind, partition: cell.partition), at: now)
    }

    /// Hands back what waits on a route, and was not started.
    mutating func returnWaiting(on route: Route, _ reason: WireReturned, _ now: Instant) {
        let waiting = ledger.cells.filter { $0.value.route == route && $0.value.isWaiting }.map(\.key)
        returnCells(waiting.sorted(), reason, on: route, now)
    }

    private mutating func returnCells(_ ids: [CellID], _ reason: WireReturned, on route: Route, _ now: Instant) {
        guard !ids.isEmpty else { return }
        for id in ids { settle(id, .returned(reason), now) }
        actions.append(.note(.handedBack(route, reason: reason.reason, count: ids.count)))
    }

    mutating func returnWhatWaitedTooLong(_ now: Instant) {
        for route in routes.keys {
            let late = ledger.cells.filter {
                $0.value.route == route && $0.value.isWaiting && $0.value.waitingSince + rules.waitLimit <= now
            }
            if late.isEmpty { continue }
            let specless = late.filter { specs[$0.value.spec] == nil }.map(\.key)
            let others = late.filter { specs[$0.value.spec] != nil }.map(\.key)
            returnCells(specless.sorted(), .because("spec", "nobody sent the column's spec"), on: route, now)
            returnCells(others.sorted(), .because("waited"), on: route, now)
        }
    }

    /// A call that is still running when its delivery was held too long is taken back.
    mutating func returnWhatIsHeldTooLong(_ now: Instant) {
        let old = ledger.deliveries.filter { $0.value.since + rules.holdTime <= now }
        if old.isEmpty { return }
        let late = ledger.cells.filter { _, cell in
            guard cell.outcome == nil else { return false }
            let grace = cell.isCalling ? rules.holdGrace : .zero
            return cell.deliveries.contains { id in old[id].map { $0.since + rules.holdTime + grace <= now } ?? false }
        }
        for (id, cell) in late.sorted(by: { $0.key < $1.key }) {
            returnCells([id], .because("waited", "held for \(rules.holdTime)"), on: cell.route, now)
        }
    }

    /// The job takes no further calls: what has not started goes back, what runs ends.
    ///
    /// - Parameter abort: what runs is given up, and goes back, too.
    mutating func stopped(_ job: String, abort: Bool = false, at now: Instant) {
        stopsHeard[job] = now
        stop(job, abort: abort, now)
    }

    mutating func stop(_ job: String, abort: Bool = false, _ now: Instant) {
        guard stoppedJobs.insert(job).inserted || abort else { return }
        for route in routes.keys.sorted() {
            let returned = ledger.cells.filter {
                $0.value.route == route && $0.value.key.job == job
                    && ($0.value.isWaiting || abort && $0.value.isCalling)
            }
            returnCells(returned.map(\.key).sorted(), .because("stopped"), on: route, now)
        }
    }

    /// The job takes calls again.
    mutating func resumed(_ job: String) {
        stoppedJobs.remove(job)
        stopsHeard[job] = nil
    }

    // MARK: The end

    /// Nothing starts any more; what runs is finished. A second call changes nothing.
    mutating func drain(at now: Instant) {
        guard phase == .serving else { return }
        phase = .draining(until: now + rules.drainTimeout)
        actions.append(.note(.draining))
        for key in limits.keys {
            limits[key]?.controller.drain(now)
            limits[key]?.refresh(now)
        }
        change()
        for route in routes.keys.sorted() { returnWaiting(on: route, .because("drain"), now) }
    }

    /// Everything that has no outcome goes back, running calls too.
    mutating func returnEverything(at now: Instant) {
        drain(at: now)
        guard case .draining = phase else { return }
        phase = .returning(until: now + rules.returnTimeout)
        actions.append(.note(.returningEverything))
        for route in routes.keys.sorted() {
            let open = ledger.cells.filter { $0.value.route == route && $0.value.outcome == nil }.map(\.key)
            returnCells(open.sorted(), .because("drain"), on: route, now)
        }
    }

    mutating func endPhaseInTime(_ now: Instant) {
        switch phase {
        case .draining(let until) where until <= now: returnEverything(at: now)
        case .returning(let until) where until <= now: finish(now)
        default: break
        }
    }
}

extension CellOutcome {
    /// A hand-back says what the cell's calls used here, and where its conversation stood.
    fileprivate func completed(of cell: HeldCell) -> CellOutcome {
        guard case .returned(var returned) = self else { return self }
        returned.requeues = UInt32(clamping: cell.requeues)
        returned.calls = UInt32(clamping: cell.calls)
        let usage = cell.conversation?.usage
        returned.inputTokens = UInt32(clamping: (usage?.inputTokens ?? 0) + cell.spentInChildren.inputTokens)
        returned.outputTokens = UInt32(clamping: (usage?.outputTokens ?? 0) + cell.spentInChildren.outputTokens)
        if let kept = cell.keptConversation { returned.conversation = kept }
        return .returned(returned)
    }
}
