import AMQP
import Generation
import Messages

/// What the pure part asks the service to do, in this order.
enum WorkerAction: Sendable {
    /// Declare the route's queue, and make a consumer for it that does not consume yet.
    case open(Route)
    /// The route is of no use any more: end its consumer.
    case close(Route)
    /// Give the route's consumer this prefetch; 0 stops it.
    case consume(Route, prefetch: Int)
    case call(CellCall)
    /// One call for several cells of a column that is made so.
    case callBatch(BatchCall)
    /// The call's end is reported all the same.
    case cancelCall(CellID)
    case publish([PublishOrder])
    /// Of deliveries of one route.
    case acknowledge(Route, [DeliveryTag])
    case ask(WireRequest)
    /// Declare the inbox again, with its bindings: nothing comes from there.
    case declareInbox
    /// For every process.
    case signal(WireSignal)
    /// For one worker.
    case tell(worker: String, WireSignal)
    /// Ask the route's endpoint how many calls wait there.
    case readQueue(limitKey: String, Route, place: Int)
    /// Something for the log.
    case note(WorkerNote)
    /// Everything is answered, or time is up: the end.
    case finish
}

/// A call to make for a cell.
struct CellCall: Sendable {
    let cell: CellID
    let place: CallPlace
    let route: Route
    let spec: SpecHash
    let column: CompiledColumn
    let task: WireTaskCell
    /// To go on with; nil: it begins, or goes on from what `task` says of it.
    let conversation: Conversation?
    /// How often it was made again because it failed by its own fault.
    var retries = 0
    /// Contents of the files that stand beside its prompt, by name.
    var files: [String: [UInt8]] = [:]
}

/// A message for the exchange of its batch's lane, whose outcome goes back under the batch's id.
struct PublishOrder: Sendable {
    let id: OutboxBatch.ID
    let lane: OutboxLane
    let body: [UInt8]
    /// Of a dead letter: why it cannot be read.
    var reason: String?
}
