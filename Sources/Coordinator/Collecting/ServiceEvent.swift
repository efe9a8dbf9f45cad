import AMQP
import Messages
import Store

/// What happens to a coordinator.
enum ServiceEvent: Sendable {
    struct Lease: Sendable {
        /// When the renewal was asked for: the lease counts from there.
        let began: ContinuousClock.Instant
        let live: [String]
        let partitions: [LeaseStore.Ownership]
    }

    case tick
    case publisherConnected(Int)
    case publisherLost
    case blocked(String)
    case unblocked
    case jobsChanged
    case inbox([Delivery])
    case requests([Delivery])
    case deadLetters([Delivery])
    case renewed(Lease?)
    case claimed(Int, Int64)
    case ended(Int, PartitionOwner.End)
    case announce(Decision.Announcement)
    /// How limits and workers stand is written down; the wishes to workers that are open.
    case standingsWritten([WorkerStore.Order])
    /// It could not be written down; the next time these are written, too.
    case standingsUnwritten(goodbyes: [WireBeat], unserved: Set<LimitStore.Place>)
    case stop
    /// The owners took too long to end what was under way.
    case stopLate
}
