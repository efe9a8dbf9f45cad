import JSON
import Store

/// The workers as `coordinator workers` shows them.
struct WorkerReport {
    /// One that was not heard for longer is no more than a memory.
    static let silence = 5.0

    struct Standing {
        let status: JSONValue
        /// Seconds since it was written down.
        let age: Double

        var id: String { status["worker"]?.stringValue ?? "" }
        /// serving, draining, drained, or silent.
        var state: String { isDrained || isLive ? text("state") : "silent" }
        var routes: [JSONValue] { status["routes"]?.arrayValue ?? [] }
        private var isDrained: Bool { text("state") == "drained" }
        var isLive: Bool { age <= WorkerReport.silence && !isDrained }
        func text(_ key: String) -> String { status[key]?.stringValue ?? "" }
        func int(_ key: String) -> Int { status[key]?.intValue ?? 0 }

        var json: JSONValue {
            guard case .object(var object) = status else { return status }
            object["state"] = .string(state)
            object["seconds_ago"] = .number((age * 10).rounded() / 10)
            object["routes"] = .array(
                routes.map { route in
                    guard case .object(let object) = route else { return route }
                    return .object(LimitName.naming(object))
                })
            return .object(object)
        }
    }

    let standings: [Standing]

    init(_ rows: [(standing: WorkerStore.Standing, age: Double)]) {
        standings = rows.compactMap { row in
            (try? JSONValue(parsing: row.standing.status)).map { Standing(status: $0, age: row.age) }
        }
    }

    /// Schema `workers/v1`.
    var json: JSONValue { ["schema": "workers/v1", "workers": .array(standings.map(\.json))] }

    var lines: [String] {
        guard !standings.isEmpty else { return ["no worker was heard of in the last ten minutes"] }
        var table = TextTable(["WORKER", "STATE", "IN FLIGHT", "HELD", "REFUSED", "PROVIDERS", "HOST", "UP", "NOTE"])
        for standing in standings {
            table.add([
                standing.id, standing.state, "\(standing.int("in_flight"))", "\(standing.int("held"))",
                "\(standing.int("refused"))", providers(standing), standing.text("host"),
                Age(seconds: Double(standing.int("up_seconds"))).description, note(standing),
            ])
        }
        return table.lines
    }

    private func providers(_ standing: Standing) -> String {
        (standing.status["providers"]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: ",")
    }

    /// What keeps it from working, of the first route that something does.
    private func note(_ standing: Standing) -> String {
        if standing.state == "drained" { return "ended \(Age(seconds: standing.age)) ago" }
        if !standing.isLive { return "last heard \(Age(seconds: standing.age)) ago" }
        let stuck = standing.routes.first { $0["breaker"]?.stringValue != "closed" }
        guard let stuck, let model = stuck["model"]?.stringValue, let provider = stuck["provider"]?.stringValue else {
            return ""
        }
        return "\(provider)/\(model): \(stuck["blocked_by"]?.stringValue ?? "")"
    }

    private static let mostTold = 3

    /// The live workers that cannot use an endpoint of these routes (`provider/model`), a line each, and why.
    func unusable(_ routes: Set<String>) -> [String] {
        let lines = standings.filter(\.isLive).compactMap { standing -> String? in
            for route in standing.routes where route["breaker"]?.stringValue != "closed" {
                let name = "\(route["provider"]?.stringValue ?? "")/\(route["model"]?.stringValue ?? "")"
                guard routes.contains(name) else { continue }
                let why = route["blocked_by"]?.stringValue ?? ""
                return "worker \(standing.id) cannot use \(name): \(why); coordinator workers show \(standing.id)"
            }
            return nil
        }
        let others = lines.count - Self.mostTold
        return lines.prefix(Self.mostTold) + (others > 0 ? ["and \(others) other workers; coordinator workers"] : [])
    }

    /// One worker, with a line for each of its routes.
    static func lines(of standing: Standing) -> [String] {
        var lines = [
            "worker \(standing.id)  \(standing.state)",
            "  host       \(standing.text("host"))", "  version    \(standing.text("version"))",
            "  up         \(Age(seconds: Double(standing.int("up_seconds"))))",
            "  at most    "
                + (standing.status["concurrency"]?.intValue.map { "\($0) calls at once" } ?? "what limits allow"),
        ]
        var table = TextTable([
            "ROUTE", "SHARE", "IN FLIGHT", "HELD", "REFUSED", "MEAN CALL", "ENDPOINT", "BREAKER", "BLOCKED BY",
        ])
        let names = standing.routes.map { route in
            func text(_ key: String) -> String { route[key]?.stringValue ?? "" }
            let name = "\(text("provider"))/\(text("model"))" + (text("domain") == "chat" ? "" : "#\(text("domain"))")
            return (route: name, limitKey: text("limit_key"))
        }
        for ((route, name), endpoint) in zip(zip(standing.routes, names), LimitName.column(names)) {
            func text(_ key: String) -> String { route[key]?.stringValue ?? "" }
            func int(_ key: String) -> Int { route[key]?.intValue ?? 0 }
            table.add([
                name.route, "\(int("share"))", "\(int("in_flight"))", "\(int("held"))", "\(int("refused"))",
                int("mean_call_ms") > 0 ? "\(int("mean_call_ms")) ms" : "-", endpoint, text("breaker"),
                text("blocked_by"),
            ])
        }
        lines += table.lines.map { "  " + $0 }
        return lines
    }
}
