package import AMQP
import BrokerLayout
package import Logging
import Messages
import Monitoring
package import Postgres
import Scheduling
import Store

/// A coordinator: holds its lease, owns its part of the partitions, answers workers' requests.
///
/// Several share the work; a dead one's partitions are taken when its lease is over.
package actor CoordinatorService {
    package struct Configuration: Sendable {
        /// Unique for this process; shows in the database's sessions.
        package var id: String
        package var database: DatabaseURL
        package var broker: BrokerURL
        package var hold: Duration

        package init(id: String, database: DatabaseURL, broker: BrokerURL, hold: Duration = .seconds(600)) {
            self.id = id
            self.database = database
            self.broker = broker
            self.hold = hold
        }
    }

    /// After so long without a renewal, by the own clock, the own partitions are given up: before others may take them.
    static let leasePatience: Duration = .seconds(7)
    static let renewInterval: Duration = .seconds(3)
    /// The same of a coordinator that has no partition, and looks whether one is free.
    static let idleRenewInterval: Duration = .seconds(1)
    static let tick: Duration = .milliseconds(100)
    static let stopPatience: Duration = .seconds(20)

    private struct Held {
        let owner: PartitionOwner
        var isLeaving = false
    }

    let configuration: Configuration
    let logger: Logger
    let pool: PostgresPool
    /// Its own connection: a renewal never waits behind a transaction.
    private let leasePool: PostgresPool
    let jobs: JobStore
    private let leases: LeaseStore
    private nonisolated let events: AsyncStream<ServiceEvent>
    nonisolated let post: AsyncStream<ServiceEvent>.Continuation
    let publisher: AMQPConnection
    private let consumer: AMQPConnection

    private var held: [Int: Held] = [:]
    /// Partitions that are being given back.
    private var releasing = 0
    private var renewedAt: ContinuousClock.Instant?
    private var isLeaseRenewing = false
    private var publisherConnection: Int?
    private(set) var isStopping = false
    private var isRefreshing = false
    /// A job changed while the directory was being read.
    private var isRefreshDue = false
    var workers = WorkersView()
    var limits = LimitsView()
    let limitStore: LimitStore
    var gauges = LimitGauges(prefix: "tessera_endpoint")
    let startedAt = ContinuousClock.now
    let workerStore: WorkerStore
    /// Wishes of clients that workers end, as they were read last.
    var workerOrders: [WorkerStore.Order] = []
    /// When limits were written down last, and pruned; nil while that is under way.
    var limitsWrittenAt: ContinuousClock.Instant? = .now
    /// The limits that were written down last.
    var writtenLimits: Set<LimitStore.Place> = []
    var limitsPrunedAt: ContinuousClock.Instant = .now
    /// When what no job names was removed last, or began to be; nil: not yet.
    var forgottenRemovedAt: ContinuousClock.Instant?
    var directory = RouteDirectory()
    private var board = RouteBoard()
    /// A worker's beat changed something; owners get it with the next tick, once for all that beat meanwhile.
    var isBoardDue = false
    var requests: Consumer?
    var deadLetters: Consumer?
    private var lastRefresh: ContinuousClock.Instant?
    private(set) var isDirectoryRead = false

    package init(_ configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        let (name, leaseName) = LeaseStore.applicationName(of: configuration.id)
        pool = PostgresPool(url: configuration.database, size: 4, applicationName: name, logger: logger)
        leasePool = PostgresPool(url: configuration.database, size: 1, applicationName: leaseName, logger: logger)
        jobs = JobStore(pool: pool)
        limitStore = LimitStore(pool: pool)
        workerStore = WorkerStore(pool: pool)
        leases = LeaseStore(pool: leasePool)
        let (events, post) = AsyncStream.makeStream(of: ServiceEvent.self)
        self.events = events
        self.post = post
        publisher = AMQPConnection(url: configuration.broker, name: name + " publish", logger: logger) { event in
            switch event {
            case .connected(let number, _): post.yield(.publisherConnected(number))
            case .lost: post.yield(.publisherLost)
            case .blocked(let reason): post.yield(.blocked(reason))
            case .unblocked: post.yield(.unblocked)
            }
        }
        consumer = AMQPConnection(url: configuration.broker, name: name + " consume", logger: logger) { _ in }
    }

    /// Runs until `stop`; then gives the partitions up in order.
    ///
    /// - Throws: when the schema is missing, or the broker refuses what it declares.
    package func run() async throws {
        guard try await leases.count() > 0 else { throw MissingSchema() }
        publisher.start()
        consumer.start()
        let ticker = Task { [post] in
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.tick)
                post.yield(.tick)
            }
        }
        let listener = Task { await self.listen() }
        defer {
            ticker.cancel()
            listener.cancel()
        }
        try await openInbox()
        logger.info("coordinator started", metadata: ["event": "started", "coordinator": "\(configuration.id)"])
        for await event in events {
            await handle(event)
            if isStopping, held.isEmpty, releasing == 0 { break }
        }
        try? await leases.leave(configuration.id)
        await requests?.closeChannel()
        await deadLetters?.closeChannel()
        await publisher.close()
        await consumer.close()
        await pool.close()
        await leasePool.close()
        logger.info("coordinator stopped", metadata: ["event": "stopped"])
    }

    /// Gives the partitions up: what was delivered is committed, what was published is confirmed and recorded.
    package nonisolated func stop() { post.yield(.stop) }

    /// Nothing here waits for the database: one that hangs must not keep this actor from noticing that its lease is
    /// over.
    private func handle(_ event: ServiceEvent) async {
        switch event {
        case .tick: tickPassed()
        case .publisherConnected(let number):
            publisherConnection = number
            for held in held.values { held.owner.post(.publisherConnected(number)) }
        case .publisherLost:
            publisherConnection = nil
            for held in held.values { held.owner.post(.publisherLost) }
        case .blocked(let reason):
            logger.warning("the broker is blocked", metadata: ["event": "broker_blocked", "reason": "\(reason)"])
        case .unblocked: logger.notice("the broker takes messages again", metadata: ["event": "broker_unblocked"])
        case .jobsChanged:
            refreshDirectory()
            for held in held.values { held.owner.post(.jobsChanged) }
        case .inbox(let deliveries): hear(deliveries)
        case .requests(let deliveries): Task { await answer(deliveries) }
        case .deadLetters(let deliveries): Task { await keep(deliveries) }
        case .renewed(let result): renewed(result)
        case .claimed(let partition, let generation): own(partition, generation)
        case .ended(let partition, let end): ended(partition, end)
        case .announce(let announcement): announce(announcement)
        case .stop: beginStopping()
        case .standingsWritten(let orders):
            limitsWrittenAt = .now
            passOn(orders)
        case .standingsUnwritten(let goodbyes, let unserved):
            limitsWrittenAt = .now
            workers.giveBack(goodbyes)
            writtenLimits.formUnion(unserved)
        case .stopLate: for held in held.values { held.owner.giveUp() }
        }
    }

    private func tickPassed() {
        let now = ContinuousClock.now
        if workers.expire(at: now) || isBoardDue { shareBoard() }
        writeLimits(now)
        removeForgotten(now)
        for held in held.values { held.owner.wake() }
        if lastRefresh.map({ $0.duration(to: now) >= .seconds(2) }) ?? true { refreshDirectory() }
        let sinceRenewal = renewedAt.map { $0.duration(to: now) } ?? .seconds(60)
        if sinceRenewal >= (held.isEmpty ? Self.idleRenewInterval : Self.renewInterval) { renew() }
        if sinceRenewal >= Self.leasePatience, !held.isEmpty {
            logger.warning("the lease could not be renewed; partitions are given up", metadata: ["event": "lease_lost"])
            for held in held.values { held.owner.giveUp() }
        }
    }

    // MARK: Leases

    private func renew() {
        guard !isLeaseRenewing else { return }
        isLeaseRenewing = true
        let began = ContinuousClock.now
        Task { [leases, post, id = configuration.id, logger] in
            do throws(PostgresError) {
                let state = try await leases.renew(id)
                post.yield(.renewed(.init(began: began, live: state.live, partitions: state.partitions)))
            } catch {
                logger.warning("cannot renew the lease", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: .milliseconds(500))
                post.yield(.renewed(nil))
            }
        }
    }

    private func renewed(_ state: ServiceEvent.Lease?) {
        isLeaseRenewing = false
        guard let state else { return }
        renewedAt = state.began
        guard !isStopping else { return }
        let fair = (state.partitions.count + state.live.count - 1) / max(1, state.live.count)
        let staying = held.filter { !$0.value.isLeaving }.keys.sorted()
        for partition in staying.dropFirst(fair) { release(partition) }
        let free = state.partitions.filter { partition in
            held[partition.partition] == nil && (!partition.isHeld || partition.owner == configuration.id)
        }
        for partition in free.prefix(max(0, fair - staying.count)) { claim(partition.partition) }
    }

    private func claim(_ partition: Int) {
        Task { [leases, post, id = configuration.id, logger] in
            do throws(PostgresError) {
                if let generation = try await leases.claim(partition, for: id) {
                    post.yield(.claimed(partition, generation))
                }
            } catch {
                logger.warning("cannot take a partition", metadata: ["error": "\(error)"])
            }
        }
    }

    private func own(_ partition: Int, _ generation: Int64) {
        guard held[partition] == nil, !isStopping else { return }
        let owner = PartitionOwner(
            partition: partition, generation: generation,
            environment: .init(
                partitions: PartitionStore(pool: pool), jobs: jobs, pool: pool,
                publisher: publisher, consumer: consumer, hold: configuration.hold, logger: logger,
                announce: { [post] in post.yield(.announce($0)) }))
        held[partition] = Held(owner: owner)
        owner.post(.board(board))
        if let publisherConnection { owner.post(.publisherConnected(publisherConnection)) }
        Task { [post] in
            let end = await owner.run()
            post.yield(.ended(partition, end))
        }
    }

    private func release(_ partition: Int) {
        held[partition]?.isLeaving = true
        held[partition]?.owner.post(.stop(clean: true))
    }

    private func ended(_ partition: Int, _ end: PartitionOwner.End) {
        guard let owner = held.removeValue(forKey: partition)?.owner, end == .released else { return }
        releasing += 1
        Task {
            try? await leases.release(partition, generation: await owner.generation)
            releasing -= 1
            post.yield(.tick)
        }
    }

    private func beginStopping() {
        guard !isStopping else { return }
        isStopping = true
        for partition in held.keys { release(partition) }
        Task { [post] in
            try? await Task.sleep(for: Self.stopPatience)
            post.yield(.stopLate)
        }
    }

    // MARK: What owners are told

    /// Hands the board over when it changed.
    func shareBoard() {
        isBoardDue = false
        let next = directory.board(workers)
        guard next != board else { return }
        board = next
        for held in held.values { held.owner.post(.board(next)) }
    }

    func tellOwners(lost routes: Set<String>) {
        guard !routes.isEmpty else { return }
        for held in held.values { held.owner.post(.queuesLost(routes)) }
    }

    /// Reads which jobs are open: their routes and weights. New routes are announced to the workers.
    private func refreshDirectory() {
        lastRefresh = .now
        guard !isRefreshing else {
            isRefreshDue = true
            return
        }
        isRefreshing = true
        Task {
            await readDirectory()
            isRefreshing = false
            guard isRefreshDue else { return }
            isRefreshDue = false
            refreshDirectory()
        }
    }

    private func readDirectory() async {
        do throws(PostgresError) {
            let open = try await jobs.outlines()
            var unknown: [Job] = []
            for number in directory.unknown(open) {
                if let job = try await jobs.job(number) { unknown.append(job) }
            }
            let news = directory.update(open, news: unknown, givenUp: try await jobs.givenUp())
            isDirectoryRead = true
            for info in news { announce(info) }
            shareBoard()
        } catch {
            logger.warning("cannot read the open jobs", metadata: ["error": "\(error)"])
        }
    }

    /// Notifications of new jobs and wishes; the poll finds what a lost connection missed.
    private func listen() async {
        while !Task.isCancelled {
            let connection = PostgresConnection(
                url: configuration.database, applicationName: "tessera \(configuration.id) listen", logger: logger)
            do throws(PostgresError) {
                try await connection.connect()
                for await _ in try await connection.listen("tessera_jobs") { post.yield(.jobsChanged) }
            } catch {
                logger.debug("cannot listen", metadata: ["error": "\(error)"])
            }
            await connection.close()
            try? await Task.sleep(for: .seconds(1))
        }
    }

    private func openInbox() async throws(AMQPError) {
        try await publisher.waitUntilConnected(timeout: .seconds(60))
        try await consumer.waitUntilConnected(timeout: .seconds(60))
        try await publisher.declare(BrokerLayout.common)
        try await consumer.declare(BrokerLayout.common)
        try await consumer.declare(BrokerLayout.inbox(of: configuration.id))
        _ = try await consumer.consume(
            ConsumerConfiguration(queue: Topics.inbox(of: configuration.id), prefetch: 1000, noAck: true)
        ) { [post] event in
            if case .deliveries(let deliveries) = event { post.yield(.inbox(deliveries)) }
        }
        requests = try await consumer.consume(
            ConsumerConfiguration(queue: Topics.requestsQueue, prefetch: 64)
        ) { [post] event in
            if case .deliveries(let deliveries) = event { post.yield(.requests(deliveries)) }
        }
        deadLetters = try await consumer.consume(
            ConsumerConfiguration(queue: Topics.deadQueue, prefetch: 16)
        ) { [post] event in
            if case .deliveries(let deliveries) = event { post.yield(.deadLetters(deliveries)) }
        }
    }
}

/// The database has no schema yet.
package struct MissingSchema: Error, Sendable, CustomStringConvertible {
    package var description: String { "the database has no Tessera schema; run: coordinator migrate" }
}
