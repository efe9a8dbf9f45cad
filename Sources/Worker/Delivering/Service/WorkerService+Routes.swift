import AMQP
import BrokerLayout
import Inference
import Logging
import Messages

extension WorkerService {
    func learn(_ info: WireRouteInfo) {
        let route = info.route
        if info.provider == CodeTool.provider {
            if let tool = CodeTool(rawValue: info.model) { learn(tool, info) }
            return
        }
        guard let provider = provider(of: route) else { return }
        // An http endpoint is one, whoever sends it rows.
        let model = provider.endpoint.dialect == .http ? Route.httpModel : info.model
        let key = provider.endpoint.limitKey(
            model: model, domain: LimitKey.Domain(rawValue: route.domain.rawValue) ?? .chat,
            workerHost: configuration.host)
        machine.learn(
            route, endpoint: "\(provider.endpoint.url)", limitKey: key.description,
            operatorCap: provider.caps[model],
            workflowCap: Int(info.maxParallelRequests), limits: info.hasLimits ? info.limits : .defaults, at: .now)
    }

    /// Declares the route's queue and makes its consumer, which gets its prefetch when it is there.
    func open(_ route: Route) {
        routes[route] = OpenRoute()
        beside { await $0.openConsumer(route) }
    }

    /// Nothing more comes from it; what the broker was just sending goes back to the queue.
    func close(_ route: Route) {
        guard let consumer = routes.removeValue(forKey: route)?.consumer else { return }
        beside { _ in await consumer.closeChannel() }
        logger.info("route closed", metadata: ["event": "route_closed", "route": "\(route)"])
    }

    private func openConsumer(_ route: Route) async {
        guard let consumer else { return }
        while !Task.isCancelled {
            do throws(AMQPError) {
                try await consumer.declare(BrokerLayout.route(route))
                let opened = try await consumer.consume(ConsumerConfiguration(queue: route.queue, prefetch: 0)) {
                    [weak self] event in
                    self?.onLoop { $0.consumerChanged(event, route) }
                }
                guard routes[route] != nil else {
                    await opened.closeChannel()
                    return
                }
                routes[route]?.consumer = opened
                if let prefetch = routes[route]?.prefetch, prefetch > 0 { opened.setPrefetch(prefetch) }
                return
            } catch {
                if error.code == .closed { return }
                logger.warning("cannot consume a route yet", metadata: ["route": "\(route)", "reason": "\(error)"])
                try? await Task.sleep(for: .seconds(2))
            }
        }
    }

    private func consumerChanged(_ event: ConsumerEvent, _ route: Route) {
        switch event {
        case .deliveries(let deliveries): machine.delivered(deliveries, from: route, at: .now)
        case .lost: machine.consumerLost(route, at: .now)
        case .cancelledByBroker:
            logger.warning("the broker ended a route's consumer", metadata: ["route": "\(route)"])
            machine.queueLost(route)
        case .resumed: break
        }
    }

    func setPrefetch(_ prefetch: Int, of route: Route) {
        let prefetch = UInt16(clamping: prefetch)
        routes[route]?.prefetch = prefetch
        routes[route]?.consumer?.setPrefetch(prefetch)
    }
}
