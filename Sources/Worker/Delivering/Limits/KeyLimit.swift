import Messages
import Throttle

/// The limit of one key, with the routes that share it.
struct KeyLimit: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// A line that was empty for less still counts as demand: deliveries come in batches.
    static let quietTime: Duration = .milliseconds(500)
    /// A share of 0 that lasts less is an interruption: the consumer stays.
    static let shortStop: Duration = .milliseconds(250)
    /// What waits without a share for so long goes back, for others to run it.
    static let longStop: Duration = .seconds(1)
    /// Deliveries that a worker takes without a share while it has no work, to learn that there is some.
    static let listening = 8

    var controller: any LimitController
    /// How it is to move.
    private(set) var plan: LimitPlan
    /// The law that `controller` goes by.
    private var isDocumented: Bool
    private(set) var routes: [Route] = []
    /// The controller's share as it was looked at last: looking costs more than a call may.
    private(set) var share = 0
    /// Since when calls are asked for in vain; nil while none are, or there is a share.
    private var vainSince: Instant?
    /// The controller was told of demand.
    private(set) var isAsking = false
    private var lastWaiting: Instant?
    var queueWatch = QueueWatch()
    private var turn = 0
    private var shown: LimitStatus?

    init(_ controller: any LimitController, _ plan: LimitPlan = LimitPlan(.defaults, cap: 1)) {
        self.controller = controller
        self.plan = plan
        isDocumented = plan.isDocumented
    }

    /// Goes by other settings from now on.
    mutating func adopt(_ plan: LimitPlan, _ now: Instant) {
        self.plan = plan
        controller.adopt(plan.settings, now)
    }

    /// Another law is asked for, and no call is under way: `controller` may be replaced.
    var isLawDue: Bool { isDocumented != plan.isDocumented && controller.inFlight == 0 }

    mutating func replace(_ controller: any LimitController) {
        self.controller = controller
        isDocumented = plan.isDocumented
    }

    mutating func add(_ route: Route) { routes.append(route) }

    mutating func remove(_ route: Route) { routes.removeAll { $0 == route } }

    /// Looks at the share again.
    mutating func refresh(_ now: Instant) {
        share = controller.share(now)
        vainSince = share > 0 || !isAsking ? nil : vainSince ?? now
    }

    /// Nothing is to be taken: calls are asked for, and have been in vain for more than a moment.
    func isStopped(_ now: Instant) -> Bool { vainSince.map { now >= $0 + Self.shortStop } ?? false }

    /// What waits here should go to others.
    func isStarved(_ now: Instant) -> Bool { vainSince.map { now >= $0 + Self.longStop } ?? false }

    /// Tells the controller how many cells wait.
    ///
    /// A worker that takes nothing, since it has no share, still asks for one call: else its turn would never come.
    mutating func demand(_ waiting: Int, _ now: Instant) {
        if waiting > 0 { lastWaiting = now }
        let isQuiet = lastWaiting.map { now >= $0 + Self.quietTime } ?? true
        let told = max(waiting, isQuiet && !isStopped(now) ? 0 : 1)
        isAsking = told > 0
        if !isAsking { vainSince = nil }
        controller.demand(told, now)
    }

    /// How the limit stands, with how it stood before, if that is to be told: the limit or the breaker changed.
    mutating func takeChange() -> (from: LimitStatus, to: LimitStatus)? {
        // Most of the time nothing moved.
        if let shown, shown.limit == controller.limit, shown.state != .open, controller.limit > 1 { return nil }
        let status = controller.status
        defer { shown = status }
        guard let shown, shown.limit != status.limit || (shown.state == .open) != (status.state == .open) else {
            return nil
        }
        return (shown, status)
    }

    /// The routes, each call beginning with another one.
    mutating func routesInTurn() -> [Route] {
        guard routes.count > 1 else { return routes }
        turn = (turn + 1) % routes.count
        return Array(routes[turn...] + routes[..<turn])
    }
}
