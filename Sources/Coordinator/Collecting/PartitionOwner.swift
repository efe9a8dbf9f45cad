import AMQP
import BrokerLayout
import CrashPoints
import DequeModule
import Logging
import Messages
import Postgres
import Scheduling
import Store

/// The one writer of a partition: collects answers, decides, commits, acknowledges, publishes, in that order.
///
/// Everything it decides is in `Collector`, how far publishing is in `TaskPlacement`; everything from outside comes
/// through the inbox. A turn takes what came while the last one was under way, makes one fenced transaction of it, and
/// only after the commit acknowledges and publishes. Whatever breaks (database, broker, a commit of unknown outcome),
/// the way back is the same: raise the own generation, read what is true, publish what is unconfirmed.
actor PartitionOwner {
    struct Environment: Sendable {
        let partitions: PartitionStore
        let jobs: JobStore
        let pool: PostgresPool
        let publisher: AMQPConnection
        let consumer: AMQPConnection
        let hold: Duration
        let logger: Logger
        /// Tells all processes what becomes of a job.
        let announce: @Sendable (Decision.Announcement) -> Void
    }

    enum End: Sendable { case released, lost }

    static let turnCells = 500
    static let turnBytes = 256 << 10
    /// A database that hangs for longer hangs for longer than the lease lasts.
    static let transactionLimit: Duration = .seconds(10)
    /// The same for one that carries a wish out.
    static let wishLimit: Duration = .seconds(300)

    let partition: Int
    let environment: Environment
    var logger: Logger
    nonisolated let inbox: Inbox<OwnerEvent>
    private let signals: AsyncStream<Void>

    var generation: Int64
    var collector: Collector
    var placement = TaskPlacement()
    var results = Deque<Delivery>()
    var salvage = Deque<Delivery>()
    /// Deliveries of the transaction under way: handled again when it fails.
    var inHand = Batch()
    var resultsConsumer: Consumer?
    var salvageConsumer: Consumer?
    /// Routes whose queues this owner has declared.
    var declaredRoutes: Set<String> = []
    var seedReaders: [JobNumber: SeedReader] = [:]
    /// Row groups whose seed rows are being read.
    var seedRowsAsked: Set<JobGroup> = []
    var needsRecovery = true
    var isFirstRecovery = true
    private(set) var stopClean: Bool?
    var jobsMayHaveChanged = false
    var lastJobPoll: ContinuousClock.Instant = .now
    var lastRouteLook: ContinuousClock.Instant = .now
    var lastDepthLook: ContinuousClock.Instant = .now
    var lastAnswerLook: ContinuousClock.Instant = .now
    let crash = OwnerCrashPoints()

    init(partition: Int, generation: Int64, environment: Environment) {
        self.partition = partition
        self.generation = generation
        self.environment = environment
        logger = environment.logger
        logger[metadataKey: "partition"] = "\(partition)"
        collector = Collector(generation: generation, hold: environment.hold, logger: logger)
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        signals = stream
        inbox = Inbox(waking: continuation)
    }

    nonisolated func post(_ event: OwnerEvent) {
        switch event {
        case .board: inbox.put(event) { if case .board = $0 { true } else { false } }
        case .jobsChanged: inbox.put(event) { if case .jobsChanged = $0 { true } else { false } }
        default: inbox.put(event)
        }
    }

    /// Has it look at the time, and at queues.
    nonisolated func wake() { inbox.wake() }

    /// Ends without waiting for the transaction under way, which may be a long one: the next owner's consumers hear
    /// nothing before these end.
    nonisolated func giveUp() {
        post(.stop(clean: false))
        Task { await closeChannels() }
    }

    /// Serves the partition until it is given up or taken.
    func run() async -> End {
        do throws(AMQPError) {
            try await consume()
        } catch {
            logger.error("cannot consume results", metadata: ["error": "\(error)"])
            await closeChannels()
            return .lost
        }
        post(.jobsChanged)
        for await _ in signals {
            takeEvents()
            if let stopClean, !stopClean || isIdle {
                await closeChannels()
                return stopClean ? .released : .lost
            }
            do throws(PostgresError) {
                if needsRecovery, try await !recover() {
                    await closeChannels()
                    return .lost
                }
                guard !needsRecovery else { continue }
                try await pollJobs()
                // One turn at a time: wishes, stops and lost queues are seen to however much comes in.
                if try await turn() { inbox.wake() }
                await lookAtQueues()
            } catch {
                if error.sqlState == .fenceLost {
                    logger.notice("another coordinator has the partition")
                    await closeChannels()
                    return .lost
                }
                logger.warning("the database refused or lost a transaction", metadata: ["error": "\(error)"])
                needsRecovery = true
                await pause()
            }
        }
        return .lost
    }

    /// Nothing is on its way: what was published is confirmed and recorded, what was delivered is committed.
    private var isIdle: Bool {
        results.isEmpty && salvage.isEmpty && placement.isIdle
    }

    /// A moment between two tries, so that a database that is down is not hammered.
    private func pause() async { try? await Task.sleep(for: .milliseconds(200)) }

    private func consume() async throws(AMQPError) {
        try await environment.consumer.declare(BrokerLayout.partition(partition))
        resultsConsumer = try await environment.consumer.consume(
            ConsumerConfiguration(queue: Topics.resultsQueue(partition: partition), prefetch: 64)
        ) { [inbox] event in
            switch event {
            case .deliveries(let deliveries): inbox.put(.results(deliveries))
            case .lost, .cancelledByBroker: inbox.put(.resultsLost)
            case .resumed: break
            }
        }
        salvageConsumer = try await environment.consumer.consume(
            ConsumerConfiguration(queue: Topics.salvageQueue(partition: partition), prefetch: 64)
        ) { [inbox] event in
            switch event {
            case .deliveries(let deliveries): inbox.put(.salvage(deliveries))
            case .lost, .cancelledByBroker: inbox.put(.salvageLost)
            case .resumed: break
            }
        }
    }

    /// Unacknowledged messages go back to the queue for the next owner (basic.cancel would keep them away).
    private func closeChannels() async {
        await resultsConsumer?.closeChannel()
        await salvageConsumer?.closeChannel()
    }

    private func takeEvents() {
        for event in inbox.takeAll() { take(event) }
    }

    private func take(_ event: OwnerEvent) {
        switch event {
        case .results(let deliveries): results.append(contentsOf: deliveries)
        case .salvage(let deliveries): salvage.append(contentsOf: deliveries)
        case .resultsLost:
            // They come again under new tags.
            results.removeAll()
            inHand.results.removeAll()
        case .salvageLost:
            salvage.removeAll()
            inHand.salvage.removeAll()
        case .published(let messages, let outcomes, let connection):
            if !placement.published(messages, outcomes, connection: connection) { needsRecovery = true }
        case .publisherConnected(let number):
            if placement.connected(number) { needsRecovery = true }
        case .publisherLost:
            placement.disconnected()
            needsRecovery = true
        case .board(let board): collector.hear(board)
        case .queuesLost(let routes):
            for route in routes { collector.queueWasLost(route, now: .now) }
        case .seedRows(let group, let outcome): take(outcome, of: group)
        case .jobsChanged: jobsMayHaveChanged = true
        case .stop(let clean):
            stopClean = clean && stopClean != false
            // What is in hand is finished; the next owner gets the rest.
            resultsConsumer?.setPrefetch(0)
            salvageConsumer?.setPrefetch(0)
        }
    }
}

extension SQLState {
    /// Raised by the function `fence`.
    static let fenceLost = SQLState("TE001")
}

/// The named places where a test may kill the owner (docs/reliability.md).
struct OwnerCrashPoints: Sendable {
    let afterPlanCommit = CrashPoint.named("coordinator-after-plan-commit")
    let afterPublishBeforeConfirm = CrashPoint.named("coordinator-after-publish-before-confirm")
    let afterDeliveryBeforeCommit = CrashPoint.named("coordinator-after-delivery-before-commit")
    let afterCommitBeforeAcknowledge = CrashPoint.named("coordinator-after-commit-before-ack")
    let afterAcknowledgeBeforePublish = CrashPoint.named("coordinator-after-ack-before-publish")
    let afterConfirmBeforeRecorded = CrashPoint.named("coordinator-after-confirm-before-recorded")
    let finishingGroup = CrashPoint.named("coordinator-finishing-group")
}
