import CPostgres
import DequeModule
import EventLoop

extension PostgresConnection {
    /// Takes one piece of work; it is sent when its turn comes.
    func enqueue(_ work: Work) {
        switch state {
        case .connected: break
        case .disconnected(let reason): return work.end(.failure(reason))
        case .connecting: return work.end(.failure(PostgresError(.connectionFailed, "not connected yet")))
        case .closed: return work.end(.failure(PostgresError(.closed, "the connection was closed")))
        }
        lastID += 1
        let id = lastID
        if let owner = work.session {
            guard owner === session else {
                let message = "the connection was lost during the transaction"
                return work.end(.failure(PostgresError(.connectionLost, message)))
            }
            sessionWaiting.append((id, work))
        } else {
            waiting.append((id, work))
        }
        if let deadline = work.deadline {
            timers[id] = loop.schedule(after: ContinuousClock.now.duration(to: deadline)) { [weak self] in
                self?.assumeIsolated { $0.deadlinePassed(id) }
            }
        }
        pump()
    }

    /// Sends what may be sent now. Nothing new while the socket is full: what is not sent is known to have no effect.
    func pump() {
        while let handle, isConnected, script == nil, !isFlushPending {
            guard let next = session == nil ? waiting.first : sessionWaiting.first else { return }
            if case .script = next.work.kind, !pipeline.isEmpty { return }
            if session == nil { waiting.removeFirst() } else { sessionWaiting.removeFirst() }
            start(next.id, next.work, on: handle)
        }
    }

    private func start(_ id: UInt64, _ work: Work, on handle: OpaquePointer) {
        switch work.kind {
        case .session(let owner):
            session = owner
            cancelTimer(id)
            work.end(.success([]))
        case .script(let text):
            sent[id] = work
            script = Script(id: id)
            // Nothing is under way, so libpq lets go of pipeline mode.
            guard PQexitPipelineMode(handle) == 1, PQsendQuery(handle, text) == 1 else { return loseBySending() }
            flush()
        case .deallocation(let names):
            let statements = names.map { Statement("deallocate \($0)", isPrepared: false) }
            guard let encoded = try? EncodedStatements(statements) else { return work.end(.success([])) }
            send(id, work, encoded, on: handle)
        case .statements(let encoded):
            let forgotten = prepared.takeForgotten()
            if !forgotten.isEmpty, session == nil {
                // Apart from the caller's transaction: neither may fail because of the other.
                lastID += 1
                start(lastID, Work(kind: .deallocation(forgotten)), on: handle)
                guard isConnected else { return finish(id, work, .failure(lossWithoutEffect)) }
            } else {
                for name in forgotten { prepared.forgetLater(name) }
            }
            send(id, work, encoded, on: handle)
        }
    }

    private func send(_ id: UInt64, _ work: Work, _ encoded: EncodedStatements, on handle: OpaquePointer) {
        var commands: [PipelineStateMachine<Rows>.Command] = []
        commands.reserveCapacity(encoded.items.count)
        for (index, item) in encoded.items.enumerated() {
            let types = encoded.values[item.values].map(\.type)
            let use = item.isPrepared ? prepared.use(item.sql, types, by: id) : .text
            var name: String?
            var isSent = true
            switch use {
            case .text: break
            case .prepared(let existing): name = existing
            case .preparing(let new, let types):
                name = new
                let oids = types.map(\.rawValue)
                isSent = PQsendPrepare(handle, new, item.sql, Int32(oids.count), oids) == 1
                commands.append(.prepare(statement: index, sql: item.sql, name: new))
            }
            isSent = isSent && Self.send(item, of: encoded, types: types, name: name, on: handle)
            guard isSent else {
                // Without its sync the server will not commit it.
                loseBySending()
                return finish(id, work, .failure(lossWithoutEffect))
            }
            commands.append(.execute(statement: index, sql: item.sql, name: name))
        }
        sent[id] = work
        pipeline.sent(id, commands)
        guard PQpipelineSync(handle) == 1 else { return loseBySending() }
        flush()
    }

    private static func send(
        _ item: EncodedStatements.Item, of encoded: EncodedStatements, types: [PostgresType], name: String?,
        on handle: OpaquePointer
    ) -> Bool {
        encoded.bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return false }
            let values = encoded.values[item.values]
            let pointers: [UnsafePointer<CChar>?] = values.map { $0.count == nil ? nil : start + $0.offset }
            let lengths = values.map { Int32($0.count ?? 0) }
            let formats = [Int32](repeating: 1, count: values.count)
            let count = Int32(values.count)
            if let name { return PQsendQueryPrepared(handle, name, count, pointers, lengths, formats, 1) == 1 }
            return PQsendQueryParams(handle, item.sql, count, types.map(\.rawValue), pointers, lengths, formats, 1) == 1
        }
    }

    /// Pushes out what libpq has buffered, and waits for the socket where that is not possible at once.
    func flush() {
        guard let handle, isConnected else { return }
        let status = PQflush(handle)
        // A failed write shows again when reading, after what the server said before it hung up.
        isFlushPending = status == 1
        loop.rewatch(socket, for: isFlushPending ? [.readable, .writable] : .readable)
    }

    /// Ends one piece of work that is in none of the queues any more.
    func finish(_ id: UInt64, _ work: Work, _ result: Result<[Rows], PostgresError>) {
        cancelTimer(id)
        work.end(result)
    }

    func cancelTimer(_ id: UInt64) {
        if let timer = timers.removeValue(forKey: id) { loop.cancel(timer) }
    }

    private func deadlinePassed(_ id: UInt64) {
        timers[id] = nil
        let message = "no answer within the caller's time limit"
        if let work = sent.removeValue(forKey: id) {
            // Answers to what was sent cannot be skipped, so the connection goes with it.
            work.end(.failure(PostgresError(.timeout, message, outcomeUnknown: true)))
            lose(PostgresError(.connectionLost, "the connection was given up after a time limit passed"))
        } else if let index = waiting.firstIndex(where: { $0.id == id }) {
            waiting.remove(at: index).work.end(.failure(PostgresError(.timeout, message)))
        } else if let index = sessionWaiting.firstIndex(where: { $0.id == id }) {
            sessionWaiting.remove(at: index).work.end(.failure(PostgresError(.timeout, message)))
        }
    }

    private func loseBySending() {
        lose(PostgresError(.connectionLost, connection: handle))
    }

    private var lossWithoutEffect: PostgresError {
        if case .disconnected(let reason) = state { return reason }
        return PostgresError(.connectionLost, "the connection was lost")
    }
}
