import Messages

/// What an endpoint's failure speaks for.
enum BreakerScope: Hashable, Sendable, CustomStringConvertible {
    /// All routes of the endpoint: it cannot be reached, or does not accept this worker.
    case endpoint(String)
    /// One model: it is not there, or not allowed.
    case route(Route)

    var description: String {
        switch self {
        case .endpoint(let name): name
        case .route(let route): route.description
        }
    }
}
