import Messages

/// Where an outcome is published to.
struct OutboxLane: Hashable, Sendable, Comparable {
    enum Kind: Int, Hashable, Sendable {
        case results
        case salvage
        /// One message for each body.
        case dead
    }

    let kind: Kind
    /// Of `results` and `salvage`; 0 for `dead`.
    let partition: UInt32

    static let dead = OutboxLane(kind: .dead, partition: 0)

    var exchange: String {
        switch kind {
        case .results: Topics.results
        case .salvage: Topics.salvage
        case .dead: Topics.dead
        }
    }

    var routingKey: String {
        kind == .dead ? Topics.deadKey : Topics.partitionKey(Int(partition))
    }

    static func < (left: OutboxLane, right: OutboxLane) -> Bool {
        (left.kind.rawValue, left.partition) < (right.kind.rawValue, right.partition)
    }
}
