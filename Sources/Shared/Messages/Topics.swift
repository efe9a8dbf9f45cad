/// Names of exchanges, queues and routing keys (docs/protocol.md). A vhost holds one Tessera.
package enum Topics {
    package static let tasks = "tessera.tasks"
    package static let results = "tessera.results"
    package static let salvage = "tessera.salvage"
    package static let dead = "tessera.dead"
    package static let requests = "tessera.requests"
    package static let signals = "tessera.signals"
    package static let control = "tessera.control"
    /// To one worker, by its id.
    package static let reports = "tessera.reports"

    /// The exchanges `dead` and `requests` have one queue each.
    package static let deadQueue = "tessera.dead"
    package static let deadKey = "dead"
    package static let requestsQueue = "tessera.requests"
    package static let requestsKey = "requests"

    package static func resultsQueue(partition: Int) -> String { "tessera.results.\(partition)" }
    package static func salvageQueue(partition: Int) -> String { "tessera.salvage.\(partition)" }

    /// The routing key on `results` and `salvage`.
    package static func partitionKey(_ partition: Int) -> String { String(partition) }

    /// A process's own queue: bound to `signals` and `control`, and named in the reply-to of its requests.
    package static func inbox(of process: String) -> String { "tessera.inbox.\(process)" }
}
