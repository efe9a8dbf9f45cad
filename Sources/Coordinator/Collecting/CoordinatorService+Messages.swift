import AMQP
import FoundationEssentials
import Logging
import Messages
import Postgres
import Store

/// Beats of workers, requests of workers, and what is announced to them.
extension CoordinatorService {
    func hear(_ deliveries: [Delivery]) {
        var changed = false
        for delivery in deliveries where delivery.exchange == Topics.signals {
            switch (try? WireSignal(decoding: delivery.body))?.kind {
            case .beat(let beat): changed = workers.heard(beat, at: .now) || changed
            case .limitGrant(let grant): limits.heard(grant, at: .now)
            default: break
            }
        }
        if changed { isBoardDue = true }
        tellOwners(lost: workers.takeLostRoutes())
    }

    /// Answers from what is true now; a request that cannot be answered is asked again in 2 s.
    func answer(_ deliveries: [Delivery]) async {
        for delivery in deliveries {
            guard let replyTo = delivery.replyTo, let request = try? WireRequest(decoding: delivery.body) else {
                continue
            }
            var reply = WireReply()
            switch request.kind {
            case .spec(let hash):
                guard let known = await spec([UInt8](hash)) else { continue }
                reply.spec = known
            case .state:
                // Nothing is known yet: asked again in 2 s, of this coordinator or another.
                guard isDirectoryRead else { continue }
                var state = WireStateReply()
                state.routes = directory.routes
                state.stoppedJobs = directory.stoppedJobs
                reply.state = state
            case .piece(let wanted):
                guard let piece = await piece(wanted) else { continue }
                reply.piece = piece
            case .keep(let piece):
                guard let kept = await keep(piece) else { continue }
                reply.kept = kept
            case nil: continue
            }
            send(reply.encoded(), exchange: "", routingKey: replyTo)
        }
        requests?.acknowledge(deliveries.map(\.tag))
    }

    /// Keeps bodies that a worker could not read. Cells that can be read here go to salvage, as failed: nobody waits
    /// for them until they are overdue. The others' are sent again then.
    func keep(_ letters: [Delivery]) async {
        let rows = letters.map { letter in
            var reason = "unreadable"
            if case .string(let text)? = letter.headers["x-tessera-reason"] { reason = text }
            return DeadLetter(reason: reason, routingKey: letter.routingKey, body: letter.body)
        }
        while !isStopping {
            do throws(PostgresError) {
                try await jobs.keep(rows)
                logger.warning("dead letters are kept", metadata: ["event": "dead_letters", "count": "\(rows.count)"])
                await place(zip(letters, rows).compactMap { Self.salvage(of: $0.body, reason: $1.reason) })
                deadLetters?.acknowledge(letters.map(\.tag))
                return
            } catch {
                logger.warning("cannot keep dead letters yet", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: .seconds(2))
            }
        }
    }

    /// Until the broker has them.
    private func place(_ messages: [OutgoingMessage]) async {
        var left = messages
        while !left.isEmpty, !isStopping {
            let outcomes = await publisher.publish(left)
            left = zip(left, outcomes).filter { $1 != .confirmed }.map(\.0)
            if !left.isEmpty { try? await Task.sleep(for: .seconds(2)) }
        }
    }

    /// The cells of a task, of whatever version, each with a failed attempt; nil for what is no task.
    static func salvage(of body: [UInt8], reason: String) -> OutgoingMessage? {
        guard let task = WireTask(ofAnyVersion: body), !task.cells.isEmpty, !task.job.isEmpty else { return nil }
        var dispatch = WireDispatchSalvage()
        dispatch.job = task.job
        dispatch.generation = task.generation
        dispatch.sequence = task.sequence
        dispatch.column = task.column
        dispatch.cells = task.cells.map { cell in
            var salvaged = WireSalvagedCell()
            salvaged.record = cell.record
            salvaged.attempt = cell.attempt
            salvaged.failed = WireFailure(kind: "unreadable", message: "a worker could not read its task: \(reason)")
            salvaged.failed.retryable = true
            return salvaged
        }
        var message = WireSalvage()
        message.dispatches = [dispatch]
        return OutgoingMessage(
            exchange: Topics.salvage, routingKey: "\(task.partition)", body: message.encoded())
    }

    /// Nil while the database cannot be asked. A hash nobody knows is answered without a spec.
    private func spec(_ hash: [UInt8]) async -> WireSpecReply? {
        do throws(PostgresError) {
            var reply = WireSpecReply()
            reply.hash = .init(hash)
            if let body = try await jobs.blob(hash: hash), let spec = try? WireColumnSpec(decoding: body) {
                reply.spec = spec
            }
            return reply
        } catch {
            logger.warning("cannot read a column's spec", metadata: ["error": "\(error)"])
            return nil
        }
    }

    func announce(_ route: WireRouteInfo) {
        var control = WireControl()
        control.route = route
        send(control.encoded(), exchange: Topics.control, routingKey: "")
    }

    func announce(_ announcement: Decision.Announcement) {
        var control = WireControl()
        switch announcement {
        case .stopped(let id, let abort):
            var stopped = WireStoppedJob()
            stopped.job = id.rawValue
            stopped.abort = abort
            control.stopped = stopped
        case .resumed(let id): control.resumedJob = id.rawValue
        }
        send(control.encoded(), exchange: Topics.control, routingKey: "")
    }

    func announce(draining worker: String) {
        var control = WireControl()
        control.drainWorker = worker
        send(control.encoded(), exchange: Topics.control, routingKey: "")
    }

    /// Losing any of these is harmless: they are asked for again.
    private func send(_ body: [UInt8], exchange: String, routingKey: String) {
        publisher.publish([
            OutgoingMessage(
                exchange: exchange, routingKey: routingKey, body: body, isPersistent: false, isMandatory: false)
        ]) { _ in }
    }
}
