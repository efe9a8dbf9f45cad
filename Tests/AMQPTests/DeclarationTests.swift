import Testing

@testable import AMQP

struct DeclarationTests {
    static let old = ServerProperties(product: "RabbitMQ", version: .init(3, 10, 8))
    static let new = ServerProperties(product: "RabbitMQ", version: .init(4, 0, 5))

    @Test func `a quorum queue has no delivery limit on any version`() {
        let queue = Queue.workQueue("q")
        #expect(queue.declaredArguments(for: Self.old) == ["x-queue-type": "quorum"])
        #expect(queue.declaredArguments(for: Self.new) == ["x-queue-type": "quorum", "x-delivery-limit": -1])
    }

    @Test func `a delivery limit that was asked for stays`() {
        let queue = Queue("q", kind: .quorum, arguments: ["x-delivery-limit": 3])
        #expect(queue.declaredArguments(for: Self.new)["x-delivery-limit"] == 3)
    }

    @Test func `a classic queue gets no delivery limit`() {
        #expect(Queue("q", kind: .classic).declaredArguments(for: Self.new) == ["x-queue-type": "classic"])
    }

    @Test func `work and signal queues have the properties of their kind`() {
        let work = Queue.workQueue("w", singleActiveConsumer: true, expiresAfter: .seconds(86_400))
        #expect(work.isDurable && !work.isExclusive && !work.isAutoDelete)
        #expect(work.arguments == ["x-single-active-consumer": true, "x-expires": 86_400_000])
        let signals = Queue.signalQueue("s")
        #expect(!signals.isDurable && signals.isExclusive)
        #expect(signals.arguments == ["x-max-length": 1000, "x-overflow": "drop-head", "x-message-ttl": 10_000])
    }

    @Test(arguments: [
        ("3.10.8", 3, 10, 8), ("4.0.0-rc.1", 4, 0, 0), ("4.1", 4, 1, 0), ("", 0, 0, 0), ("abc", 0, 0, 0),
    ])
    func `a version is read from its text`(text: String, major: Int, minor: Int, patch: Int) {
        let version = ServerProperties.Version(text)
        #expect((version.major, version.minor, version.patch) == (major, minor, patch))
    }

    @Test func `versions compare by their numbers`() {
        #expect(ServerProperties.Version("3.9.20") < ServerProperties.Version("3.10.0"))
        #expect(ServerProperties.Version("3.13.7") < ServerProperties.Version("4.0"))
    }

    @Test func `merging adds what is new and replaces what has the same name`() {
        var topology = Topology(
            exchanges: [Exchange("e", kind: .direct)], queues: [Queue("q", kind: .classic)],
            bindings: [Binding(queue: "q", exchange: "e", routingKey: "a")])
        topology.merge(
            Topology(
                exchanges: [Exchange("e", kind: .fanout), Exchange("f", kind: .direct)],
                queues: [Queue("q", kind: .quorum)],
                bindings: [
                    Binding(queue: "q", exchange: "e", routingKey: "a"),
                    Binding(queue: "q", exchange: "e", routingKey: "b"),
                ]))
        #expect(topology.exchanges == [Exchange("e", kind: .fanout), Exchange("f", kind: .direct)])
        #expect(topology.queues == [Queue("q", kind: .quorum)])
        #expect(topology.bindings.map(\.routingKey) == ["a", "b"])
    }

    @Test func `removing a queue takes its bindings along`() {
        var topology = Topology(
            exchanges: [Exchange("e", kind: .direct)],
            queues: [Queue("q", kind: .classic), Queue("r", kind: .classic)],
            bindings: [Binding(queue: "q", exchange: "e"), Binding(queue: "r", exchange: "e")])
        topology.remove(queue: "q")
        #expect(topology.queues.map(\.name) == ["r"])
        #expect(topology.bindings.map(\.queue) == ["r"])
        #expect(topology.exchanges.count == 1)
    }

    @Test func `the part of a queue is what it needs to be consumed from`() {
        let topology = Topology(
            exchanges: [Exchange("e", kind: .direct), Exchange("f", kind: .direct)],
            queues: [Queue("q", kind: .classic), Queue("r", kind: .classic)],
            bindings: [Binding(queue: "q", exchange: "e"), Binding(queue: "r", exchange: "f")])
        #expect(
            topology.part(of: "q")
                == Topology(
                    exchanges: [Exchange("e", kind: .direct)], queues: [Queue("q", kind: .classic)],
                    bindings: [Binding(queue: "q", exchange: "e")]))
        #expect(topology.part(of: "x") == Topology())
    }

    @Test func `exchanges come before queues and queues before bindings`() {
        let topology = Topology(
            exchanges: [Exchange("e", kind: .direct)], queues: [Queue("q", kind: .classic)],
            bindings: [Binding(queue: "q", exchange: "e")])
        #expect(
            topology.items.map(\.description) == ["exchange e", "queue q", "binding of queue q to exchange e"])
    }
}
