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

/// Where the cells of one model at one provider queue up.
package struct Route: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let provider: String
    package let model: String

    package init(provider: String, model: String) {
        self.provider = provider
        self.model = model
    }

    package var description: String { "\(provider)/\(model)" }

    /// Routing key on `tessera.tasks`, at most 200 bytes, so that the queue's name stays below AMQP's 255: a longer
    /// one is cut and ends in its FNV-1a hash.
    package var key: String {
        let full = description
        guard full.utf8.count > 200 else { return full }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in full.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        var cut = full
        while cut.utf8.count > 180 { cut.removeLast() }
        return cut + "~" + String(hash, radix: 16)
    }

    package var queue: String { "\(Topics.tasks).\(key)" }

    package static func < (left: Route, right: Route) -> Bool {
        (left.provider, left.model) < (right.provider, right.model)
    }
}
