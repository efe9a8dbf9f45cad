import EventLoop
import Logging

extension AMQPConnection {
    /// Declares exchanges, queues and bindings, now and again after every reconnect. What exists already with the same
    /// properties stays as it is; declaring a queue again renews its `x-expires`.
    ///
    /// Waits up to `callTimeout` for a connection.
    ///
    /// - Throws: `.preconditionFailed` (it exists with other properties), `.resourceLocked` (exclusive to another
    ///   connection), `.accessRefused`, `.notFound` (a binding to what is not there), `.invalidArgument`: what was
    ///   declared before it stays, it and what came after it is not remembered. `.notConnected`, `.connectionLost`,
    ///   `.timedOut`: everything is remembered, and declared when the connection is back.
    package func declare(_ topology: Topology) async throws(AMQPError) {
        guard phase != .closing, phase != .closed else {
            throw AMQPError(.closed, "declare", "the connection was closed")
        }
        let items = topology.items
        let new = items.filter { !self.topology.contains($0) }
        // Before the first wait: a reconnect meanwhile must find it.
        self.topology.merge(topology)
        try await awaitConnection("declare", within: settings.callTimeout)
        let generation = generation
        let channel = try await openChannel(.connection)
        defer { closeChannel(channel) }
        for (index, item) in items.enumerated() {
            do {
                try await declare(item, on: channel)
            } catch {
                if isCurrent(generation) {
                    for later in items[index...] where new.contains(later) { self.topology.remove(later) }
                }
                throw error
            }
        }
    }

    /// The queue and its bindings are not declared again after a reconnect.
    package func forget(queue: String) { topology.remove(queue: queue) }

    /// How many messages wait in a queue, and how many consumers it has; nil when there is no such queue.
    ///
    /// Waits up to `callTimeout` for a connection.
    ///
    /// - Throws: `.resourceLocked`, `.accessRefused`, `.notConnected`, `.connectionLost`, `.timedOut`.
    package func inspect(queue: String) async throws(AMQPError) -> QueueDepth? {
        try await awaitConnection("inspect queue \(queue)", within: settings.callTimeout)
        let channel = try await openChannel(.connection)
        defer { closeChannel(channel) }
        do {
            return try await call(.queueInspect(queue), on: channel).depth
        } catch  where error.code == .notFound {
            return nil
        }
    }

    /// Deletes a queue with what is in it, and forgets it. One that does not exist is no error.
    ///
    /// - Throws: as `inspect`.
    package func deleteQueue(_ queue: String) async throws(AMQPError) {
        try await awaitConnection("delete queue \(queue)", within: settings.callTimeout)
        forget(queue: queue)
        let channel = try await openChannel(.connection)
        defer { closeChannel(channel) }
        do {
            _ = try await call(.queueDelete(queue), on: channel)
        } catch  where error.code == .notFound {
            return
        }
    }

    /// Declares again after a reconnect. An item that is refused does not keep the others away: it is tried again
    /// later, as when the broker has not yet noticed that the owner of an exclusive queue is gone.
    ///
    /// - Throws: only when the connection is lost.
    func declareAll(_ items: [Topology.Item], _ generation: Int) async throws(AMQPError) {
        var refused: [Topology.Item] = []
        var channel: Channel?
        for item in items {
            do throws(AMQPError) {
                if channel == nil { channel = try await openChannel(.connection) }
                if let channel { try await declare(item, on: channel) }
            } catch {
                guard isCurrent(generation) else { throw error }
                // Said once, not with every attempt.
                let level: Logger.Level = refusedItems.contains(item) ? .debug : .error
                logger.log(
                    level: level, "cannot declare again", metadata: ["what": "\(item)", "reason": "\(error)"])
                refused.append(item)
                if let channel { closeChannel(channel) }
                channel = nil
            }
        }
        if let channel { closeChannel(channel) }
        retryLater(refused, of: items, generation)
    }

    private func retryLater(_ refused: [Topology.Item], of items: [Topology.Item], _ generation: Int) {
        guard isCurrent(generation) else { return }
        refusedItems.subtract(items)
        refusedItems.formUnion(refused)
        if refusedItems.isEmpty { refusedBackoff.reset() }
        guard !refusedItems.isEmpty, !isRetryingRefused else { return }
        isRetryingRefused = true
        loop.schedule(after: refusedBackoff.next()) { [weak self] in
            self?.assumeIsolated { connection in
                guard connection.isCurrent(generation) else { return }
                connection.isRetryingRefused = false
                // In an order in which they can be declared.
                let items = connection.topology.items.filter { connection.refusedItems.contains($0) }
                connection.refusedItems.formIntersection(items)
                Task { try? await connection.declareAll(items, generation) }
            }
        }
    }

    private func declare(_ item: Topology.Item, on channel: Channel) async throws(AMQPError) {
        switch item {
        case .exchange(let exchange): _ = try await call(.exchangeDeclare(exchange), on: channel)
        case .queue(let queue):
            let arguments = queue.declaredArguments(for: wire?.server ?? ServerProperties([:]))
            _ = try await call(.queueDeclare(queue, arguments: arguments), on: channel)
        case .binding(let binding): _ = try await call(.queueBind(binding), on: channel)
        }
    }
}
