import CPostgres
import EventLoop

extension PostgresConnection {
    /// What is notified on `channel` from now on, by any session of the database.
    ///
    /// The stream ends when the connection does, so its reader knows that it may have missed something: it should
    /// connect, listen again, and look at the truth. A reader that is behind by more than 1024 loses the oldest.
    ///
    /// - Throws: as `transact`; `.invalidParameter` for a name longer than the server keeps (63 bytes).
    package func listen(_ channel: String) async throws(PostgresError) -> AsyncStream<PostgresNotification> {
        guard channel.utf8.count <= 63, !channel.isEmpty else {
            throw PostgresError(.invalidParameter, "a channel's name has 1 to 63 bytes")
        }
        let (stream, continuation) = AsyncStream.makeStream(
            of: PostgresNotification.self, bufferingPolicy: .bufferingNewest(1024))
        lastID += 1
        let number = lastID
        // Before LISTEN takes effect: nothing may fall between the two.
        listeners[channel, default: [:]][number] = continuation
        continuation.onTermination = { [weak self, loop] _ in
            loop.execute { [weak self] in self?.assumeIsolated { $0.stopListening(channel, number) } }
        }
        do {
            _ = try await run(Statement("listen \(Self.quoted(channel))", isPrepared: false))
        } catch {
            continuation.finish()
            throw error
        }
        return stream
    }

    /// An identifier as SQL writes it.
    static func quoted(_ identifier: String) -> String { "\"\(identifier.replacing("\"", with: "\"\""))\"" }

    func deliverNotifications(from handle: OpaquePointer) {
        while let notification = PQnotifies(handle) {
            defer { PQfreemem(notification) }
            let channel = String(cString: notification.pointee.relname)
            guard let readers = listeners[channel] else { continue }
            let received = PostgresNotification(
                channel: channel, payload: String(cString: notification.pointee.extra),
                backend: notification.pointee.be_pid)
            for reader in readers.values { reader.yield(received) }
        }
    }

    func finishListeners() {
        let all = listeners.values.flatMap(\.values)
        listeners = [:]
        for listener in all { listener.finish() }
    }

    private func stopListening(_ channel: String, _ number: UInt64) {
        guard listeners[channel]?.removeValue(forKey: number) != nil, listeners[channel]?.isEmpty == true else {
            return
        }
        listeners[channel] = nil
        let statement = Statement("unlisten \(Self.quoted(channel))", isPrepared: false)
        guard isConnected, let encoded = try? EncodedStatements([statement]) else { return }
        enqueue(Work(kind: .statements(encoded)))
    }
}
