import CPostgres
import DequeModule
import EventLoop
import Logging

extension PostgresConnection {
    func socketIsReady(_ readiness: EventLoop.Readiness) {
        guard let handle, isConnected else { return }
        let isAlive = PQconsumeInput(handle) == 1
        receive()
        guard isConnected else { return }
        deliverNotifications(from: handle)
        // The server has said its last; what is sent from now on would have an unknown outcome for nothing.
        if let fatal = notices.fatal { return lose(fatal) }
        guard isAlive, PQstatus(handle) == CONNECTION_OK else {
            return lose(PostgresError(.connectionLost, connection: handle))
        }
        if isFlushPending { flush() }
        pump()
    }

    /// Takes every result that can be had without waiting.
    private func receive() {
        while let handle, isConnected, !pipeline.isEmpty || script != nil, PQisBusy(handle) == 0 {
            let result = PQgetResult(handle)
            if script == nil { take(result) } else { takeOfScript(result, from: handle) }
        }
    }

    private func take(_ result: OpaquePointer?) {
        guard let result else { return apply(pipeline.receive(.endOfCommand)) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
            apply(pipeline.receive(.output(Rows(QueryResult(adopting: result)))))
        case PGRES_PIPELINE_SYNC:
            PQclear(result)
            apply(pipeline.receive(.synced))
        case PGRES_PIPELINE_ABORTED:
            PQclear(result)
            apply(pipeline.receive(.skipped))
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            PQclear(result)
            apply(pipeline.receive(.failed(Self.copyRefusal)))
            loseToCopy()
        default:
            let error = PostgresError(.statementFailed, result: result)
            PQclear(result)
            // An error of libpq's own, such as a closed connection: it says nothing about the statement.
            if error.sqlState == nil { return lose(PostgresError(.connectionLost, error.message)) }
            if error.code == .connectionLost { notices.fatal = error }
            apply(pipeline.receive(.failed(error)))
        }
    }

    private func apply(_ effects: [PipelineStateMachine<Rows>.Effect]) {
        for effect in effects {
            switch effect {
            case .prepared(let sql, let name): prepared.confirm(sql, name)
            case .notPrepared(let sql, let name): prepared.fail(sql, name)
            case .stale(let sql, let name): prepared.invalidate(sql, name)
            case .confused(let what): lose(PostgresError(.connectionLost, "unexpected answer: \(what)"))
            case .finished(let id, let result):
                guard let work = sent.removeValue(forKey: id) else { continue }
                answer(id, work, result)
            }
        }
    }

    private func answer(_ id: UInt64, _ work: Work, _ result: Result<[Rows], PostgresError>) {
        if case .deallocation(let names) = work.kind, case .failure(let error) = result {
            logger.debug("prepared statements \(names) were not forgotten: \(error)")
        }
        guard work.session == nil, Self.leavesBlockOpen(result) else { return finish(id, work, result) }
        // What others sent behind it would become part of that block, and be reported as committed.
        let error = PostgresError(
            .unsupported, "the statements leave a transaction block open: use withTransaction; it was rolled back")
        finish(id, work, .failure(error))
        lose(PostgresError(.connectionLost, "a transaction block was left open on this connection"))
    }

    /// True when the last BEGIN was not followed by its end.
    private static func leavesBlockOpen(_ result: Result<[Rows], PostgresError>) -> Bool {
        switch result {
        case .failure(let error): return error.sqlState == .inFailedTransaction
        case .success(let results):
            var isOpen = false
            for rows in results where rows.result.columnCount == 0 {
                switch rows.commandTag {
                case "BEGIN", "START TRANSACTION": isOpen = true
                case "COMMIT", "ROLLBACK", "PREPARE TRANSACTION": isOpen = false
                default: break
                }
            }
            return isOpen
        }
    }

    /// There is no way back from the middle of a COPY in a pipeline.
    private func loseToCopy() {
        lose(PostgresError(.connectionLost, "the connection was given up after a COPY"))
    }

    private static var copyRefusal: PostgresError { PostgresError(.unsupported, "COPY is not supported") }

    // MARK: Scripts

    private func takeOfScript(_ result: OpaquePointer?, from handle: OpaquePointer) {
        guard let result else { return endScript(on: handle) }
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: break
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            script?.error = Self.copyRefusal
            loseToCopy()
        default:
            var error = PostgresError(.statementFailed, result: result)
            if error.sqlState == nil { return lose(PostgresError(.connectionLost, error.message)) }
            if error.code == .connectionLost {
                notices.fatal = error
                // The text may have had a COMMIT before it.
                error.outcomeUnknown = true
            }
            if script?.error == nil { script?.error = error }
        }
    }

    private func endScript(on handle: OpaquePointer) {
        guard let ended = script, let work = sent.removeValue(forKey: ended.id) else { return }
        script = nil
        let isOpen = [PQTRANS_INTRANS, PQTRANS_INERROR].contains(PQtransactionStatus(handle))
        if work.session == nil, isOpen {
            let error = PostgresError(.unsupported, "the script leaves a transaction block open; it was rolled back")
            finish(ended.id, work, .failure(ended.error ?? error))
            return lose(PostgresError(.connectionLost, "a transaction block was left open on this connection"))
        }
        finish(ended.id, work, ended.error.map(Result.failure) ?? .success([]))
        guard PQenterPipelineMode(handle) == 1 else {
            return lose(PostgresError(.connectionLost, connection: handle))
        }
    }

    // MARK: Loss

    /// The connection is over: everything on it ends with an error that says what is known.
    func lose(_ reason: PostgresError) {
        guard isConnected else { return }
        var reason = reason
        // What the server said last is better than libpq's "closed unexpectedly".
        if let fatal = notices.fatal {
            reason.message = fatal.message
            reason.sqlState = fatal.sqlState
        }
        state = .disconnected(reason)
        abandon(reason)
        logger.debug("postgres connection lost: \(reason)")
        onLoss?(reason)
    }

    /// Ends all work and gives libpq's connection back.
    func abandon(_ reason: PostgresError) {
        hangUp()
        let script = self.script
        reset()
        for (id, error) in pipeline.abandon(reason) {
            if let work = sent.removeValue(forKey: id) { finish(id, work, .failure(error)) }
        }
        if let script, let work = sent.removeValue(forKey: script.id) {
            var unknown = reason
            unknown.outcomeUnknown = true
            finish(script.id, work, .failure(script.error ?? unknown))
        }
        while let (id, work) = sessionWaiting.popFirst() ?? waiting.popFirst() { finish(id, work, .failure(reason)) }
        finishListeners()
    }
}
