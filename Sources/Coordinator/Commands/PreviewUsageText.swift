import Messages
import Previewing

/// What a preview's calls came to, a line a model.
enum PreviewUsageText {
    static func lines(_ machine: PreviewStateMachine) -> [String] {
        machine.usage.sorted { $0.key < $1.key }.map { route, usage in
            let calls = usage.calls == 1 ? "1 call" : "\(Grouped(Int64(usage.calls))) calls"
            let failed = usage.failed > 0 ? ", \(Grouped(Int64(usage.failed))) failed" : ""
            return "\(name(route)): \(calls)\(failed)" + tokens(usage, route)
        }
    }

    /// As the workflow names what is called.
    private static func name(_ route: Route) -> String {
        if route.provider == Route.remoteProvider { return route.model }
        return route.model == Route.httpModel ? route.provider : "\(route.provider)/\(route.model)"
    }

    /// Nothing of endpoints that are no models.
    private static func tokens(_ usage: PreviewUsage, _ route: Route) -> String {
        if route.provider == Route.remoteProvider || route.model == Route.httpModel { return "" }
        return ", \(Grouped(Int64(usage.inputTokens))) tokens in, \(Grouped(Int64(usage.outputTokens))) out"
    }
}
