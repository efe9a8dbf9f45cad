import Generation
import Inference
import Messages
import Throttle

extension WorkerStateMachine {
    /// Starts calls while there are cells and permits.
    mutating func startCalls(_ now: Instant) {
        guard phase == .serving, gate.isOpen, !outbox.isUnroutable else { return }
        for key in limits.keys {
            let waiting = cellsWaiting(key)
            // A permit is for somebody who waits.
            limits[key]?.demand(waiting, now)
            guard waiting > 0, let share = limits[key]?.share, let inFlight = limits[key]?.controller.inFlight,
                inFlight < share, let inTurn = limits[key]?.routesInTurn()
            else { continue }
            for route in inTurn { startCalls(of: route, key, now) }
            let left = cellsWaiting(key)
            limits[key]?.demand(left, now)
        }
    }

    private func cellsWaiting(_ key: String) -> Int {
        limits[key]?.routes.reduce(0) { $0 + (routes[$1]?.lines.count(childRoom) ?? 0) } ?? 0
    }

    private mutating func startCalls(of route: Route, _ key: String, _ now: Instant) {
        while callsUnderWay < rules.concurrency, breakersAllow(route),
            let id = routes[route]?.lines.popFirst(childRoom)
        {
            guard let cell = ledger.cells[id], cell.isWaiting, quickTries[id] == nil else { continue }
            switch specs[cell.spec] {
            case nil:
                // Put away since, to make room for others.
                specs.await(cell.spec, for: id, at: now)
            case .failure(let failure): settle(id, .failed(WireFailure(failure)), now)
            case .success(let column) where wouldBeHeldTooLong(cell, column, now):
                settle(id, .returned(.because("waited")), now)
            case .success(let column):
                let place = place(of: cell)
                guard childRoom.left(for: place) > 0 else {
                    routes[route]?.lines.park(id, for: place)
                    continue
                }
                guard let permit = limits[key]?.controller.start(now) else {
                    routes[route]?.lines.putFirst(id)
                    return
                }
                // A child makes one cell at a time: who ends it is to be found.
                if column.batched == nil || place != .worker {
                    start(id, cell, column, permit, place)
                } else {
                    startBatch(id, cell, column, permit, now)
                }
            }
        }
    }

    private func breakersAllow(_ route: Route) -> Bool {
        // Mostly there is none.
        if breakers.isEmpty { return true }
        return routes[route]?.breakerScopes.allSatisfy { breakers[$0]?.allowsCall ?? true } ?? false
    }

    private mutating func start(
        _ id: CellID, _ cell: HeldCell, _ column: CompiledColumn, _ permit: Permit, _ place: CallPlace
    ) {
        begin(id, cell.route, permit, place)
        childRoom.enter(place)
        let call = CellCall(
            cell: id, place: place, route: cell.route, spec: cell.spec, column: column, task: cell.task,
            conversation: cell.conversation, retries: cell.retries)
        actions.append(.call(call))
    }

    /// A call begins under a permit, named by a cell.
    mutating func begin(_ id: CellID, _ route: Route, _ permit: Permit, _ place: CallPlace = .worker) {
        if !breakers.isEmpty {
            for scope in routes[route]?.breakerScopes ?? [] { breakers[scope]?.start(id) }
        }
        ledger.start(id)
        running[id] = RunningCall(route: route, permit: permit, place: place)
        callsUnderWay += 1
        routes[route]?.inFlight += 1
    }

    func wouldBeHeldTooLong(_ cell: HeldCell, _ column: CompiledColumn, _ now: Instant) -> Bool {
        guard let first = cell.deliveries.first, let since = ledger.deliveries[first]?.since else { return false }
        // The first call may always be made: what cannot end in time even so is refused at submit.
        return cell.calls > 0 && now + column.timeout > since + rules.holdTime
    }

    // MARK: Ends

    /// A call ended; every call that was started ends once.
    mutating func callEnded(_ id: CellID, _ result: CallResult, at now: Instant) {
        guard let call = running.removeValue(forKey: id) else { return }
        if let permit = call.permit {
            callsUnderWay -= 1
            routes[call.route]?.inFlight -= 1
            childRoom.leave(call.place)
            finishPermit(permit, call.route, result, now)
            judgeEndpoint(id, call.route, result, now)
        }
        guard let cell = ledger.cells[id], cell.isCalling else { return }
        switch result {
        case .value(var value):
            value.record = cell.task.record
            value.attempt = cell.task.attempt
            // A batch is one call, which counts for its first cell.
            value.calls = call.permit == nil ? 0 : UInt32(clamping: cell.calls)
            value.inputTokens = UInt32(clamping: Int(value.inputTokens) + cell.spentInChildren.inputTokens)
            value.outputTokens = UInt32(clamping: Int(value.outputTokens) + cell.spentInChildren.outputTokens)
            settle(id, .value(value), now)
        case .again(let conversation):
            ledger.keep(conversation, of: id)
            putBack(id, cell, now)
        case .keptAgain(let conversation, let figures):
            ledger.keep(conversation, figures, of: id)
            putBack(id, cell, now)
        case .failed(let failure, let figures):
            switch failure.kind.family {
            case .limited: putBack(id, cell, now)
            case .endpoint: tryAgainOrReturn(id, cell, failure, now)
            case .call, .answer, .request:
                var charged = WireFailure(failure)
                charged.calls = call.permit == nil ? 0 : UInt32(clamping: cell.calls)
                charged.callMilliseconds = figures.milliseconds
                charged.finishReason = figures.finishReason
                charged.inputTokens = UInt32(
                    clamping: figures.inputTokens + cell.spentInChildren.inputTokens)
                charged.outputTokens = UInt32(
                    clamping: figures.outputTokens + cell.spentInChildren.outputTokens)
                settle(id, .failed(charged), now)
            }
        case .later(_, let pause): tryLater(id, cell, pause, now)
        case .notSent(let failure): settle(id, .failed(WireFailure(failure)), now)
        case .cancelled: putBack(id, cell, now)
        case .childDied(let how):
            settle(id, .childDeath(filled(WireChildDeath()) { $0.message = String(how.prefix(500)) }), now)
        case .noChild(let reason): settle(id, .returned(.because("child", reason)), now)
        }
    }

    /// What came back to its queue twice may have ended the processes that had it. The broker counts lost connections,
    /// too, so that is a hint only; the coordinator's mark is not.
    private func place(of cell: HeldCell) -> CallPlace {
        if !rules.hasChildren { return .worker }
        if cell.isAlone { return .aloneInChild }
        return cell.requeues >= 2 ? .child : .worker
    }

    private mutating func finishPermit(_ permit: Permit, _ route: Route, _ result: CallResult, _ now: Instant) {
        guard let key = routes[route]?.limitKey else { return }
        let end: CallEnd =
            switch result {
            case .value, .again, .keptAgain: .served
            case .failed(let failure, _):
                switch failure.kind.family {
                case .limited: .refused(retryAfter: failure.retryAfter)
                case .answer, .request: .served
                case .endpoint, .call: .failed
                }
            case .later, .notSent, .cancelled, .childDied, .noChild: .failed
            }
        if case .refused(let wait?) = end, wait >= RetryAfter.longest {
            let until = limits[key]?.controller.pausedUntil(now)
            // Once a pause, not once a call.
            if until.map({ $0 < now + wait - .seconds(30) }) ?? true {
                actions.append(.note(.longWait(limitKey: key, wait)))
            }
        }
        limits[key]?.controller.finish(permit, end, now)
    }

    /// It was refused a slot, or taken back: the same cell is called again, before those that were never called.
    private mutating func putBack(_ id: CellID, _ cell: HeldCell, _ now: Instant) {
        // A long pause stops the consumer.
        consumersAreDue = true
        ledger.countEndpointFailures(id, 0)
        guard ledger.wait(id, since: now) else { return }
        if let refusal = refusal(of: cell.key.job, on: cell.route) {
            settle(id, .returned(refusal), now)
        } else {
            routes[cell.route]?.lines.putFirst(id)
        }
    }

    private mutating func tryAgainOrReturn(_ id: CellID, _ cell: HeldCell, _ failure: CallFailure, _ now: Instant) {
        let failures = cell.endpointFailures + 1
        ledger.countEndpointFailures(id, failures)
        guard ledger.wait(id, since: now) else { return }
        if let refusal = refusal(of: cell.key.job, on: cell.route) {
            settle(id, .returned(refusal), now)
        } else if isLastTry(failure.kind, failures) {
            settle(id, .returned(.because("endpoint", failure.description)), now)
        } else {
            quickTries[id] = now + jitter.spread(rules.quickTryDelays[failures - 1])
        }
    }

    private mutating func tryLater(_ id: CellID, _ cell: HeldCell, _ pause: Duration, _ now: Instant) {
        ledger.countRetry(id)
        let due = now + pause
        // From then on it waits for others; the pause is its own, and may be longer than a cell may wait.
        guard ledger.wait(id, since: due) else { return }
        if let refusal = refusal(of: cell.key.job, on: cell.route) {
            settle(id, .returned(refusal), now)
        } else {
            quickTries[id] = due
        }
    }

    func isLastTry(_ kind: FailureKind, _ failures: Int) -> Bool {
        !kind.deservesQuickTries || failures > rules.quickTryDelays.count
    }

    /// Cells whose pause after an endpoint's failure is over stand at the head of their line.
    mutating func tryAgain(_ now: Instant) {
        guard !quickTries.isEmpty else { return }
        for (id, due) in quickTries where due <= now {
            quickTries[id] = nil
            guard let cell = ledger.cells[id], cell.isWaiting else { continue }
            routes[cell.route]?.lines.putFirst(id)
        }
    }
}
