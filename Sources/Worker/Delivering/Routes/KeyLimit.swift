import Messages
import Throttle

/// The limit of one key, with the routes that share it.
struct KeyLimit: Sendable {
    var controller: any LimitController
    private(set) var routes: [Route] = []
    /// The controller's share as it was looked at last: looking costs more than a call may.
    private(set) var share = 0
    private var turn = 0

    init(_ controller: any LimitController) {
        self.controller = controller
    }

    mutating func add(_ route: Route) { routes.append(route) }

    /// Looks at the share again; true when it fell to 0.
    mutating func refresh(_ now: ContinuousClock.Instant) -> Bool {
        let before = share
        share = controller.share(now)
        return share == 0 && before > 0
    }

    /// The routes, each call beginning with another one.
    mutating func routesInTurn() -> [Route] {
        guard routes.count > 1 else { return routes }
        turn = (turn + 1) % routes.count
        return Array(routes[turn...] + routes[..<turn])
    }
}
