import AMQP
import BrokerLayout
import Logging
import Messages

extension WorkerService {
    /// Makes both connections, and begins to connect.
    func connect() {
        let id = configuration.id
        publisher = AMQPConnection(
            url: configuration.broker, name: "\(id)-publish", settings: configuration.brokerSettings, logger: logger
        ) { [weak self] event in
            self?.onLoop { $0.publisherChanged(event) }
        }
        consumer = AMQPConnection(
            url: configuration.broker, name: "\(id)-consume", settings: configuration.brokerSettings, logger: logger
        ) { [weak self] event in
            self?.onLoop { $0.consumerConnectionChanged(event) }
        }
        publisher?.start()
        consumer?.start()
        actSoon()
    }

    private func publisherChanged(_ event: ConnectionEvent) {
        switch event {
        case .connected:
            isPublisherBlocked = false
            machine.publisherBlocked(false, at: .now)
            machine.publisherChanged(isConnected: true)
        case .lost:
            isPublisherBlocked = false
            machine.publisherBlocked(false, at: .now)
            machine.publisherChanged(isConnected: false)
        case .blocked:
            isPublisherBlocked = true
            machine.publisherBlocked(true, at: .now)
        case .unblocked:
            isPublisherBlocked = false
            machine.publisherBlocked(false, at: .now)
        }
    }

    private func consumerConnectionChanged(_ event: ConnectionEvent) {
        switch event {
        case .connected: machine.consumerConnectionChanged(isConnected: true)
        case .lost: machine.consumerConnectionChanged(isConnected: false)
        case .blocked, .unblocked: break
        }
    }

    /// Declares what this worker needs, and begins to listen. Tries for ever, but for refusals.
    func setUpConsuming() async {
        guard let consumer else { return }
        var clash = NameClash()
        while !Task.isCancelled {
            do throws(AMQPError) {
                try await consumer.declare(BrokerLayout.common)
                try await consumer.declare(BrokerLayout.workerInbox(of: configuration.id))
                try await listen(on: consumer)
                logger.info("worker_ready")
                return
            } catch {
                guard error.isRetryable || error.code == .notConnected, error.code != .closed else {
                    if error.code != .closed { end(.failure(error)) }
                    return
                }
                tell(error, &clash)
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    private func tell(_ error: AMQPError, _ clash: inout NameClash) {
        guard error.code == .resourceLocked else {
            clash.otherwise()
            logger.warning("cannot use the broker yet", metadata: ["reason": "\(error)"])
            return
        }
        switch clash.refused(at: .now) {
        case .silent: break
        case .held:
            logger.notice(
                "waiting for the inbox, which a connection of a worker of this name has",
                metadata: ["event": "inbox_held"])
        case .taken:
            logger.error(
                "a worker named \(configuration.id) is running; choose another --name",
                metadata: ["event": "name_taken"])
        }
    }

    /// Mends an inbox from which nothing comes: its bindings, or itself.
    func declareInbox() async {
        guard let consumer, !isDeclaringInbox else { return }
        isDeclaringInbox = true
        defer { isDeclaringInbox = false }
        logger.warning(
            "hears nothing from the broker; its inbox is declared again", metadata: ["event": "inbox_silent"])
        do throws(AMQPError) {
            try await consumer.declare(BrokerLayout.common)
            try await consumer.declare(BrokerLayout.workerInbox(of: configuration.id))
            if isInboxGone {
                await inboxConsumer?.closeChannel()
                try await listen(on: consumer)
                isInboxGone = false
            }
        } catch {
            // It is tried again while the silence lasts.
            logger.debug("cannot declare the inbox", metadata: ["reason": "\(error)"])
        }
    }

    private func listen(on connection: AMQPConnection) async throws(AMQPError) {
        let configuration = ConsumerConfiguration(queue: inbox, prefetch: 500, exclusive: true, noAck: true)
        inboxConsumer = try await connection.consume(configuration) { [weak self] event in
            self?.onLoop { $0.inboxChanged(event) }
        }
        machine.inboxReady(at: .now)
        actSoon()
    }

    // MARK: The inbox

    private func inboxChanged(_ event: ConsumerEvent) {
        switch event {
        case .deliveries(let deliveries): for delivery in deliveries { read(delivery) }
        case .resumed: machine.inboxReady(at: .now)
        case .cancelledByBroker: isInboxGone = true
        case .lost: break
        }
    }

    /// Signals, orders and answers. One that cannot be read is passed over: losing any of them is harmless.
    private func read(_ delivery: Delivery) {
        do throws(WireError) {
            switch delivery.exchange {
            case Topics.signals, Topics.reports: machine.heard(try WireSignal(decoding: delivery.body), at: .now)
            case Topics.control: obey(try WireControl(decoding: delivery.body))
            default: take(try WireReply(decoding: delivery.body))
            }
        } catch {
            logger.warning("a signal that cannot be read", metadata: ["reason": "\(error)"])
        }
    }

    private func obey(_ control: WireControl) {
        switch control.kind {
        case .route(let route): learn(route)
        case .stopped(let stopped): machine.stopped(stopped.job, abort: stopped.abort, at: .now)
        case .resumedJob(let job): machine.resumed(job)
        case .drainWorker(let id) where id == configuration.id:
            logger.notice("told to drain", metadata: ["event": "drain_wished"])
            machine.drain(at: .now)
        case .drainWorker: break
        case nil: break
        }
    }

    private func take(_ reply: WireReply) {
        switch reply.kind {
        case .spec(let reply):
            guard let hash = SpecHash(reply.hash) else { return }
            machine.specCame(reply.hasSpec ? reply.spec : nil, for: hash)
        case .state(let state):
            for route in state.routes { learn(route) }
            machine.stateCame(stoppedJobs: state.stoppedJobs, routes: Set(state.routes.map(\.route)), at: .now)
        case .piece(let piece): resume(files.took(piece))
        case .kept(let kept): resume(files.kept(kept))
        case nil: break
        }
    }
}
