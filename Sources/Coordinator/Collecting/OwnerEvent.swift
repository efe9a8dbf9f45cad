import AMQP
import Messages
import Scheduling
import Store

/// What happens to a partition's owner from outside; left in its inbox, taken at its next turn.
enum OwnerEvent: Sendable {
    case results([Delivery])
    case salvage([Delivery])
    /// The consumer's channel is gone: its deliveries go back, their tags are void.
    case resultsLost
    case salvageLost
    /// Outcomes of one publish call, one per message.
    case published([TaskMessage], [PublishOutcome], connection: Int)
    /// The connection that publishes is whole, for the n-th time.
    case publisherConnected(Int)
    case publisherLost
    case board(RouteBoard)
    /// Workers say that the broker lost the queues of these routes.
    case queuesLost(Set<String>)
    /// What a row group takes from its job's seed data was read, or could not be.
    case seedRows(JobGroup, SeedRowsOutcome)
    /// A job, or a wish, is new or changed.
    case jobsChanged
    /// Give the partition up; `clean` finishes what is under way first.
    case stop(clean: Bool)
}

/// One task on its way to a route.
struct TaskMessage: Sendable {
    let number: DispatchNumber
    let route: String
    let message: OutgoingMessage
}
