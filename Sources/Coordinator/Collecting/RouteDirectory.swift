import Messages
import Scheduling
import Store
import Workflow

/// The routes that open jobs use, in all partitions: what workers are told, and how credit is divided.
struct RouteDirectory: Sendable {
    private struct Entry: Sendable {
        let id: JobID
        let priority: Int
        let routes: [(route: Route, maximumParallel: Int)]
        var isStopping: Bool
    }

    private var entries: [JobNumber: Entry] = [:]

    /// Replaces what is known by the open jobs. Returns the routes that are new or have another cap now.
    mutating func update(_ open: [Job]) -> [WireRouteInfo] {
        let former = Set(routes)
        var next: [JobNumber: Entry] = [:]
        for job in open {
            if let known = entries[job.number] {
                next[job.number] = known
                next[job.number]?.isStopping = job.isStopping
            } else {
                let routes = (try? JobBlueprint(job: job))?.routes ?? []
                next[job.number] = Entry(
                    id: job.id, priority: job.priority, routes: routes, isStopping: job.isStopping)
            }
        }
        entries = next
        return routes.filter { !former.contains($0) }
    }

    /// Every route with the highest cap of its jobs: a job of ten records does not throttle one of a million.
    var routes: [WireRouteInfo] {
        var caps: [Route: Int] = [:]
        for entry in entries.values {
            for (route, cap) in entry.routes { caps[route] = max(caps[route] ?? 0, cap) }
        }
        return caps.sorted { $0.key < $1.key }.map { route, cap in
            var info = WireRouteInfo()
            info.provider = route.provider
            info.model = route.model
            info.maxParallelRequests = UInt32(clamping: cap)
            return info
        }
    }

    var stoppedJobs: [String] { entries.values.filter(\.isStopping).map(\.id.rawValue).sorted() }

    func board(_ workers: WorkersView) -> RouteBoard {
        var board = RouteBoard()
        board.providers = workers.providers
        for entry in entries.values where !entry.isStopping {
            for (route, _) in entry.routes {
                let key = route.key
                board.weights[key, default: 0] += entry.priority + 1
                board.shares[key] = workers.shares(route)
                board.meanCalls[key] = workers.meanCall(route)
                board.blocked[key] = workers.blocked(route)
            }
        }
        return board
    }
}
