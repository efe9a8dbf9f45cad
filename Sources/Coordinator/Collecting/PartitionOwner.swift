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
/// Everything it decides is in `PartitionScheduler`; everything from outside comes through the inbox. A turn takes what
/// came while the last one was under way, makes one fenced transaction of it, and only after the commit acknowledges
/// and publishes. Whatever breaks (database, broker, a commit of unknown outcome), the way back is the same: raise the
/// own generation, read what is true, publish what is unconfirmed.
actor PartitionOwner {
    struct Environment: Sendable {
        let partitions: PartitionStore
        let jobs: JobStore
        let pool: PostgresPool
        let publisher: AMQPConnection
        let consumer: AMQPConnection
        let hold: Duration
        let logger: Logger
        /// Tells all processes that a job takes no further calls; true: and that those under way are given up.
        let announceStop: @Sendable (JobID, Bool) -> Void
        /// Tells them that it goes on.
        let announceResume: @Sendable (JobID) -> Void
    }

    enum End: Sendable { case released, lost }

    struct InHand: Sendable {
        var results: [Delivery] = []
        var salvage: [Delivery] = []
    }

    static let publishWindowCells = 500
    static let turnCells = 500
    static let turnBytes = 256 << 10
    /// A database that hangs for longer hangs for longer than the lease lasts.
    static let transactionLimit: Duration = .seconds(10)

    let partition: Int
    let environment: Environment
    var logger: Logger
    nonisolated let inbox: Inbox<OwnerEvent>
    private let signals: AsyncStream<Void>

    var generation: Int64
    var scheduler: PartitionScheduler
    var publications = DispatchPublications()
    var overdue: OverdueWatch
    var jobs: [JobNumber: OwnedJob] = [:]
    var tables: [JobGroup: RecordTable] = [:]
    var shelf = SeedShelf()
    var board = RouteBoard()
    var results = Deque<Delivery>()
    var salvage = Deque<Delivery>()
    var resultsConsumer: Consumer?
    var salvageConsumer: Consumer?
    /// Number of the broker connection that publishes; nil while there is none.
    var publisherConnection: Int?
    /// Sent by an earlier generation, or on another connection, and to be published again.
    var again: [Sent] = []
    /// Jobs whose column specs are not known to be in the tables: another version may have written others.
    var unsavedSpecs: Set<JobNumber> = []
    /// Routes whose queues this owner has declared.
    var declaredRoutes: Set<String> = []
    /// When a route's queue was last found lost.
    var lossesNoted: [String: ContinuousClock.Instant] = [:]
    /// Which job is served first by the next turn.
    var firstServed = 0
    /// Messages the broker refused or could not route, to be published again.
    var unplaced: [TaskMessage] = []
    var lastPlacement: ContinuousClock.Instant = .now
    var missingRoutes: Set<String> = []
    /// Deliveries of the transaction under way: handled again when it fails.
    var inHand = InHand()
    var blueprints: [JobNumber: JobBlueprint] = [:]
    var jobNumbers: [String: JobNumber] = [:]
    /// Cells whose value the database refused, in its words.
    var unstorable: [Cell: String] = [:]
    /// Events of jobs that the next transaction writes.
    var untold: [(job: JobNumber, event: String, detail: String)] = []
    /// Jobs that are over, of which something is wished.
    var ended: [JobNumber: StoredJob] = [:]
    /// Jobs that cannot be run, with the reason until it is written down.
    var doomed: [JobNumber: String] = [:]
    var needsRecovery = true
    var isFirstRecovery = true
    var stopClean: Bool?
    var jobsMayHaveChanged = false
    var lastJobPoll: ContinuousClock.Instant = .now
    var lastRouteLook: ContinuousClock.Instant = .now
    var lastDepthLook: ContinuousClock.Instant = .now
    var lastAnswerLook: ContinuousClock.Instant = .now
    var randomness = SystemRandomNumberGenerator()
    let crash = OwnerCrashPoints()

    init(partition: Int, generation: Int64, environment: Environment) {
        self.partition = partition
        self.generation = generation
        self.environment = environment
        logger = environment.logger
        logger[metadataKey: "partition"] = "\(partition)"
        scheduler = PartitionScheduler(generation: generation)
        overdue = OverdueWatch(hold: environment.hold)
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        signals = stream
        inbox = Inbox(waking: continuation)
    }

    nonisolated func post(_ event: OwnerEvent) { inbox.put(event) }

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

    /// The routes of the jobs in hand, by key.
    var routes: [String: Route] {
        var routes: [String: Route] = [:]
        for job in jobs.values {
            for use in job.blueprint.routes { routes[use.route.key] = use.route }
        }
        return routes
    }

    /// Nothing is on its way: what was published is confirmed and recorded, what was delivered is committed.
    private var isIdle: Bool {
        results.isEmpty && salvage.isEmpty && publications.cellsUnrecorded == 0 && unplaced.isEmpty
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
            published(messages, outcomes, connection: connection)
        case .publisherConnected(let number):
            if publisherConnection != number {
                needsRecovery = true
                // They are in the log, unconfirmed: the recovery publishes them again.
                unplaced = []
                missingRoutes = []
            }
            publisherConnection = number
        case .publisherLost:
            publisherConnection = nil
            needsRecovery = true
        case .board(let board): self.board = board
        case .queuesLost(let routes):
            for route in routes { queueWasLost(route) }
        case .seedRows(let group, let outcome): take(outcome, of: group)
        case .jobsChanged: jobsMayHaveChanged = true
        case .tick: break
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
