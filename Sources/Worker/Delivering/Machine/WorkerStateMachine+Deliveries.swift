import AMQP
import FoundationEssentials
import Generation
import Inference
import Messages

extension WorkerStateMachine {
    /// Deliveries of tasks came from a route's queue.
    mutating func delivered(_ deliveries: [Delivery], from route: Route, at now: Instant) {
        for delivery in deliveries {
            do throws(UnreadableTask) {
                let (task, spec) = try readTask(delivery.body)
                accept(task, spec, delivery, from: route, now)
            } catch {
                acceptUnreadable(delivery, from: route, error.reason, now)
            }
        }
    }

    private func readTask(_ body: [UInt8]) throws(UnreadableTask) -> (WireTask, SpecHash) {
        let task: WireTask
        do throws(WireError) {
            task = try WireTask(decoding: body)
        } catch {
            throw UnreadableTask(reason: error.description)
        }
        guard let spec = SpecHash(task.spec) else {
            throw UnreadableTask(reason: "a task whose spec is no hash of 32 bytes")
        }
        guard !task.cells.isEmpty else { throw UnreadableTask(reason: "a task without cells") }
        return (task, spec)
    }

    private mutating func accept(
        _ task: WireTask, _ spec: SpecHash, _ delivery: Delivery, from route: Route, _ now: Instant
    ) {
        let subscription = routes[route]?.take(cells: task.cells.count, bytes: delivery.body.count) ?? 0
        let acceptance = ledger.accept(
            task, spec: spec, tag: delivery.tag, route: route, subscription: subscription,
            deliveryCount: delivery.deliveryCount ?? 0, at: now)
        if acceptance.isSettled {
            routes[route]?.release(subscription)
            actions.append(.acknowledge(route, [delivery.tag]))
            return
        }
        let refusal = refusal(of: task.job, on: route)
        for cell in acceptance.fresh {
            if let refusal {
                settle(cell, .returned(refusal), now)
            } else {
                lineUp(cell, spec, on: route, now)
            }
        }
    }

    private mutating func acceptUnreadable(
        _ delivery: Delivery, from route: Route, _ reason: String, _ now: Instant
    ) {
        let reason = String(reason.prefix(500))
        let subscription = routes[route]?.take(cells: 1, bytes: delivery.body.count) ?? 0
        let letter = ledger.acceptUnreadable(
            delivery.body, reason: reason, tag: delivery.tag, route: route, subscription: subscription, at: now)
        outbox.put(letter, bytes: delivery.body.count, in: .dead, at: now)
        actions.append(.note(.deadLetter(route, reason: reason)))
    }

    /// The cell's turn comes when its spec is known and there is a permit.
    mutating func lineUp(_ cell: CellID, _ hash: SpecHash, on route: Route, _ now: Instant) {
        guard let spec = specs[hash] else { return specs.await(hash, for: cell, at: now) }
        if case .success(let column) = spec { widen(route, column.batchSize) }
        routes[route]?.lines.append(cell)
    }

    /// A spec was sent; nil when nobody knows it, which changes nothing: the cells wait, and are handed back in time.
    mutating func specCame(_ spec: WireColumnSpec?, for hash: SpecHash) {
        guard let spec else { return }
        let column: Result<CompiledColumn, CallFailure>
        do throws(CallFailure) {
            // A kind of column that only a newer worker knows counts as not known.
            guard let compiled = try CompiledColumn(spec) else { return }
            column = .success(compiled)
        } catch {
            column = .failure(error)
        }
        for cell in specs.put(column, for: hash) {
            guard let held = ledger.cells[cell], held.isWaiting else { continue }
            if case .success(let column) = column { widen(held.route, column.batchSize) }
            routes[held.route]?.lines.append(cell)
        }
    }

    private mutating func widen(_ route: Route, _ batchSize: Int) {
        guard batchSize > routes[route]?.batchSize ?? .max else { return }
        routes[route]?.batchSize = batchSize
        consumersAreDue = true
    }

    // MARK: The consumer

    /// The consumer of a route is gone: all its deliveries are void, and will come again.
    mutating func consumerLost(_ route: Route, at now: Instant) {
        for cell in ledger.lose(route, at: now) { quickTries[cell] = nil }
        routes[route]?.heldDeliveries = 0
        routes[route]?.lines.removeAll()
        routes[route]?.window.lose()
    }
}
