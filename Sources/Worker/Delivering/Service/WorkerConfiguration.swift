package import AMQP
package import HTTP
package import Inference

/// What a worker is told at its start.
package struct WorkerConfiguration: Sendable {
    /// Its name in queues, beats and results: of letters, digits, `-`, `_` and `.`, unlike that of any other live
    /// worker.
    package var id: String
    package var broker: BrokerURL
    package var brokerSettings: AMQPConnection.Settings = .default
    /// The providers it serves.
    package var providers: [Provider]
    package var http = HTTPClient.Settings()
    /// This machine's name, which tells apart endpoints that every machine has for itself (localhost).
    package var host: String
    /// Of this program, for people.
    package var version = ""
    /// Folders, with colons between them, in which the tools of validation columns are looked for; empty: it has none.
    package var toolPath = ""
    /// Runs of each tool at once.
    package var toolsAtOnce = 1
    /// A tool that takes longer is killed.
    package var toolTimeout: Duration = .seconds(60)
    /// Calls at once, over all routes; nil: as many as its shares allow.
    package var concurrency: Int?
    /// From `drain` until what still runs is handed back.
    package var drainTimeout: Duration = .seconds(25)
    /// How long a delivery may be held. The same for all workers and coordinators of a virtual host.
    package var holdTime: Duration = .seconds(600)

    /// How the limits move.
    package enum ThrottleLaw: String, Sendable {
        /// One limit for the cluster.
        case cluster
        /// Data Designer's published controller, each worker on its own.
        case documented
    }

    package var throttleLaw = ThrottleLaw.cluster

    /// What to start for cells that may end the process that calls for them: the program and its arguments. Empty: they
    /// are called for here, as all others.
    package var childCommand: [String] = []
    package var childEnvironment: [String: String] = [:]

    package init(id: String, broker: BrokerURL, providers: [Provider], host: String) {
        self.id = id
        self.broker = broker
        self.providers = providers
        self.host = host
    }

    var rules: WorkerRules {
        filled(WorkerRules()) {
            $0.concurrency = concurrency.map { max(1, $0) } ?? .max
            $0.drainTimeout = drainTimeout
            $0.holdTime = holdTime
            $0.hasChildren = !childCommand.isEmpty
        }
    }
}
