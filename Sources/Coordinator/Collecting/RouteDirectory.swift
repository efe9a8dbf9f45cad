import Messages
import Scheduling
import Store
import Workflow

/// The routes that open jobs use, in all partitions: what workers are told, and how credit is divided.
struct RouteDirectory: Sendable {
    private struct Entry: Sendable {
        let id: JobID
        var priority: Int
        private let blueprint: JobBlueprint?
        private(set) var routes: [JobBlueprint.RouteUse]
        /// The caps that `routes` has, as they are stored.
        private var caps: String
        let limits: WireLimitParameters
        /// It takes no calls: it is being cancelled, or paused.
        var isHeld = false

        init(_ job: Job) {
            id = job.id
            priority = job.priority
            blueprint = try? JobBlueprint(job: job)
            routes = blueprint?.routes ?? []
            caps = job.maximumParallel
            limits = WireLimitParameters(RunSettings(stored: job.runConfig).throttle)
        }

        mutating func setCaps(_ caps: String) {
            guard caps != self.caps else { return }
            self.caps = caps
            routes = blueprint?.routes(caps: caps) ?? []
        }
    }

    private var entries: [JobNumber: Entry] = [:]
    /// Jobs that ended lately without being complete.
    private var givenUp: [JobID] = []

    /// Of the open jobs, those whose routes are not known here.
    func unknown(_ open: [JobOutline]) -> [JobNumber] { open.map(\.number).filter { entries[$0] == nil } }

    /// Replaces what is known by the open jobs; `news` are those that were unknown. Returns the routes that are new or
    /// have another cap now.
    mutating func update(_ open: [JobOutline], news: [Job], givenUp: [JobID]) -> [WireRouteInfo] {
        self.givenUp = givenUp
        let former = Set(routes)
        var next: [JobNumber: Entry] = [:]
        for job in open {
            guard var entry = entries[job.number] ?? news.first(where: { $0.number == job.number }).map(Entry.init)
            else { continue }
            entry.isHeld = job.isHeld
            entry.priority = job.priority
            entry.setCaps(job.maximumParallel)
            next[job.number] = entry
        }
        entries = next
        return routes.filter { !former.contains($0) }
    }

    /// Every route with the highest cap of its jobs: a job of ten records does not throttle one of a million. Of the
    /// parameters of the limit the most careful ones hold.
    var routes: [WireRouteInfo] {
        var known: [Route: WireRouteInfo] = [:]
        for entry in entries.values {
            for use in entry.routes {
                let cap = UInt32(clamping: use.maximumParallel)
                var info = known[use.route] ?? WireRouteInfo()
                info.limits = info.hasLimits ? info.limits.mostCareful(with: entry.limits) : entry.limits
                info.maxParallelRequests = max(info.maxParallelRequests, cap)
                known[use.route] = info
            }
        }
        return known.sorted { $0.key < $1.key }.map { route, info in
            var info = info
            info.provider = route.provider
            info.model = route.model
            info.domain = route.domain.wire
            return info
        }
    }

    var stoppedJobs: [String] { (entries.values.filter(\.isHeld).map(\.id) + givenUp).map(\.rawValue).sorted() }

    func board(_ workers: WorkersView) -> RouteBoard {
        var board = RouteBoard()
        board.providers = workers.providers
        board.lackingTools = workers.lackingTools
        var batchSizes: [Route: Int] = [:]
        for entry in entries.values where !entry.isHeld {
            for use in entry.routes {
                let key = use.route.key
                board.weights[key, default: 0] += entry.priority + 1
                board.caps[key] = max(board.caps[key] ?? 0, use.maximumParallel)
                batchSizes[use.route] = max(batchSizes[use.route] ?? 0, use.batchSize)
            }
        }
        for (route, batchSize) in batchSizes {
            let key = route.key
            let mean = workers.meanCall(route)
            board.shares[key] = Self.inHand(shares: workers.shares(route), mean: mean) * batchSize
            board.meanCalls[key] = mean
            board.blocked[key] = workers.blocked(route)
            board.failures[key] = workers.failure(route)
            if workers.hasOperatorCap(route) { board.operatorCaps.insert(key) }
            if workers.serves(route) { board.served.insert(key) }
        }
        return board
    }

    /// Between a cell's dispatch and its stored result about 60 ms pass beside its call.
    static let roundTrip: Duration = .milliseconds(60)

    /// Cells that a route needs out so that `shares` calls of this length are always under way.
    static func inHand(shares: Int, mean: Duration?) -> Int {
        guard let mean, shares > 0 else { return shares }
        return shares + min(2000, Int(Double(shares) * (roundTrip / max(mean, .microseconds(100)))))
    }
}
