/// What a campaign does to a running cluster.
enum ChaosFault: String, CaseIterable, Sendable {
    case killWorker, drainWorker, stopWorker
    case killOwner, drainOwner, stopOwner
    case killBroker, stopBroker, cutBroker, stallBroker
    case killDatabase, stopDatabase, cutDatabase
    case killEndpoint, stopEndpoint
}
