import Messages
import Store

extension Collector {
    /// What a job waits for before it can get on; nil while it can.
    func waitingReason(_ job: OwnedJob) -> String? {
        for case .model(let column) in job.blueprint.makers {
            if let reason = unserved(column.route) ?? blocked(column.route)?.waiting { return reason }
        }
        return nil
    }

    /// Why a job is paused that has waited for so long, and was refused for so long; nil where it goes on waiting.
    func pauseReason(_ job: OwnedJob, waited: Duration, refused: Duration?) -> String? {
        if let refused, refused >= job.refusedLimit, let (route, failure) = lastingFailure(job) {
            return route.refused(failure, for: refused, resume: Self.resume(job))
        }
        guard let limit = job.throttledLimit, waited >= limit else { return nil }
        for case .model(let column) in job.blueprint.makers {
            if let blocked = blocked(column.route) { return blocked.waitedTooLong(waited, resume: Self.resume(job)) }
        }
        return nil
    }

    /// The first route of which every worker is refused for what waiting does not mend, and for what.
    func lastingFailure(_ job: OwnedJob) -> (route: BlockedRoute, failure: String)? {
        for case .model(let column) in job.blueprint.makers {
            guard let failure = board.failures[column.route.key], Self.lastingFailures.contains(failure),
                let blocked = blocked(column.route)
            else { continue }
            return (blocked, failure)
        }
        return nil
    }

    /// What to type once a paused job can go on.
    static func resume(_ job: OwnedJob) -> String { "coordinator resume \(job.blueprint.job.name)" }

    private func blocked(_ route: Route) -> BlockedRoute? {
        board.blocked[route.key].map { BlockedRoute(route, blocked: $0) }
    }

    /// Kinds of failure that waiting does not mend: a wrong key, no right, no such model, no money.
    private static let lastingFailures: Set<String> = ["authentication", "permission", "not_found", "quota"]

    /// Why nobody takes the cells of a route, and what to do about it.
    private func unserved(_ route: Route) -> String? {
        switch route.provider {
        case CodeTool.provider:
            guard let tool = CodeTool(rawValue: route.model), let workers = board.lackingTools[route.model] else {
                return nil
            }
            if workers.isEmpty { return "no worker is there to run \(tool.rawValue)" }
            return "no worker has \(tool.rawValue): install it with \(tool.installation), so that it is on a worker's "
                + "PATH, and start that worker again; without it: \(Self.shown(workers))"
        case Route.remoteProvider:
            if board.served.contains(route.key) { return nil }
            return "no worker serves the endpoint \(route.model): name it in a worker's providers.yaml, with "
                + "provider_type: http"
        default:
            if board.providers.contains(route.provider) { return nil }
            let served = board.providers.isEmpty ? "none" : board.providers.joined(separator: ", ")
            return "no worker serves provider \(route.provider); served now: \(served)"
        }
    }

    private static func shown(_ workers: [String]) -> String {
        workers.prefix(10).joined(separator: ", ") + (workers.count > 10 ? " and \(workers.count - 10) more" : "")
    }
}
