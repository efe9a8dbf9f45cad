extension AMQPConnection {
    /// Sends a method; `completion` gets its answer, or why there is none, exactly once.
    func post(_ method: Method, on channel: Channel, _ completion: @escaping Channel.Completion = { _ in }) {
        let operation = method.operation
        guard let wire, Int(channel.number) < channels.count, channels[Int(channel.number)] === channel else {
            completion(.failure(AMQPError(.connectionLost, operation, "the channel is gone")))
            return
        }
        if let name = method.names.first(where: { $0.utf8.count > 255 }) {
            let detail = "a name is longer than 255 bytes: \(name.prefix(32))..."
            completion(.failure(AMQPError(.invalidArgument, operation, detail)))
            return
        }
        do {
            try wire.send(method, on: channel.number)
        } catch  where error.code == .invalidArgument {
            // It did not fit into a frame: nothing was sent.
            completion(.failure(error))
            return
        } catch {
            completion(.failure(error))
            lose(error)
            return
        }
        guard let reply = method.reply else {
            completion(.failure(AMQPError(.invalidArgument, operation, "this method has no answer")))
            return
        }
        channel.expect(reply, operation: operation, completion)
    }

    func call(_ method: Method, on channel: Channel) async throws(AMQPError) -> Reply {
        let result = await withCheckedContinuation { continuation in
            post(method, on: channel) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    /// Takes the lowest free number: the library keeps memory for every number ever used on a connection.
    func makeChannel(_ owner: Channel.Owner) throws(AMQPError) -> Channel {
        guard let wire else { throw AMQPError(.connectionLost, "open a channel", "not connected") }
        let number = channels.indices.dropFirst().first { channels[$0] == nil } ?? max(1, channels.count)
        guard number <= min(wire.channelMax, Int(UInt16.max)) else {
            throw AMQPError(.refused, "open a channel", "the connection has no channel left")
        }
        while channels.count <= number { channels.append(nil) }
        let channel = Channel(number: UInt16(number), owner: owner)
        channels[number] = channel
        return channel
    }

    func openChannel(_ owner: Channel.Owner) async throws(AMQPError) -> Channel {
        let channel = try makeChannel(owner)
        _ = try await call(.channelOpen, on: channel)
        return channel
    }

    /// Closes a channel without waiting for it; a channel that is gone is left alone.
    func closeChannel(_ channel: Channel, _ completion: @escaping () -> Void = {}) {
        guard !channel.isClosing else { return }
        channel.isClosing = true
        post(.channelClose, on: channel) { result in
            if case .success = result { self.channels[Int(channel.number)] = nil }
            completion()
        }
    }
}
