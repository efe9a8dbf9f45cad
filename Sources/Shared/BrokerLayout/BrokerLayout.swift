package import AMQP
package import Messages

/// Exchanges, queues and bindings as both sides declare them (docs/protocol.md, "Exchanges and queues").
///
/// Declaring is idempotent, and every process declares what it uses: it does not matter who comes first.
package enum BrokerLayout {
    /// A route nobody declares for so long is deleted by the broker.
    package static let routeExpiry: Duration = .seconds(24 * 3600)

    package static let exchanges: [Exchange] = [
        Exchange(Topics.tasks, kind: .direct), Exchange(Topics.results, kind: .direct),
        Exchange(Topics.salvage, kind: .direct), Exchange(Topics.dead, kind: .direct),
        Exchange(Topics.requests, kind: .direct), Exchange(Topics.signals, kind: .fanout),
        Exchange(Topics.control, kind: .fanout), Exchange(Topics.reports, kind: .direct),
    ]

    /// What every process needs: the exchanges, and the queues that are not a partition's, a route's or a process's.
    package static let common = Topology(
        exchanges: exchanges,
        queues: [
            Queue.workQueue(Topics.deadQueue),
            Queue(Topics.requestsQueue, kind: .classic, arguments: ["x-message-ttl": 10_000]),
        ],
        bindings: [
            Binding(queue: Topics.deadQueue, exchange: Topics.dead, routingKey: Topics.deadKey),
            Binding(queue: Topics.requestsQueue, exchange: Topics.requests, routingKey: Topics.requestsKey),
        ])

    /// Results and salvage of one partition: they live for ever, and one consumer at a time reads them.
    package static func partition(_ partition: Int) -> Topology {
        let queues = [
            (Topics.resultsQueue(partition: partition), Topics.results),
            (Topics.salvageQueue(partition: partition), Topics.salvage),
        ]
        return Topology(
            exchanges: exchanges,
            queues: queues.map { Queue.workQueue($0.0, singleActiveConsumer: true) },
            bindings: queues.map {
                Binding(queue: $0.0, exchange: $0.1, routingKey: Topics.partitionKey(partition))
            })
    }

    package static func route(_ route: Route) -> Topology {
        Topology(
            exchanges: exchanges, queues: [Queue.workQueue(route.queue, expiresAfter: routeExpiry)],
            bindings: [Binding(queue: route.queue, exchange: Topics.tasks, routingKey: route.key)])
    }

    /// A process's own queue: signals, control, and the answers to its requests.
    package static func inbox(of process: String) -> Topology {
        let name = Topics.inbox(of: process)
        return Topology(
            exchanges: exchanges, queues: [Queue.signalQueue(name)],
            bindings: [
                Binding(queue: name, exchange: Topics.signals), Binding(queue: name, exchange: Topics.control),
            ])
    }

    /// A worker's inbox: other workers reach it by its id too.
    package static func workerInbox(of worker: String) -> Topology {
        var topology = inbox(of: worker)
        topology.bindings.append(
            Binding(queue: Topics.inbox(of: worker), exchange: Topics.reports, routingKey: worker))
        return topology
    }
}
