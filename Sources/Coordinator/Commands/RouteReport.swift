import JSON
import Messages
import Store

/// How the limits of routes stand, as `coordinator routes` and `status` show them.
struct RouteReport {
    /// One route under one limit; side-cars give a route a limit for each host.
    struct Standing {
        let status: JSONValue
        /// Seconds since it was written down.
        let age: Double

        var place: Route {
            Route(
                provider: text("provider"), model: text("model"),
                domain: Route.Domain(rawValue: text("domain")) ?? .chat)
        }
        var route: String { "\(place)" }
        func text(_ key: String) -> String { status[key]?.stringValue ?? "" }
        func int(_ key: String) -> Int { status[key]?.intValue ?? 0 }
        func double(_ key: String) -> Double? { status[key]?.doubleValue }
        var workers: [JSONValue] { status["workers"]?.arrayValue ?? [] }
        var isAtCap: Bool { int("limit") >= int("cap") && int("cap") > 0 }
        var isOpen: Bool { text("breaker") != "closed" }
    }

    let standings: [Standing]
    /// Messages in the routes' queues; nil where the broker was not asked.
    var ready: [String: Int]?

    init(_ rows: [(standing: LimitStore.Standing, age: Double)]) {
        standings = rows.compactMap { row in
            (try? JSONValue(parsing: row.standing.status)).map { Standing(status: $0, age: row.age) }
        }
    }

    /// Schema `routes/v1`.
    var json: JSONValue {
        [
            "schema": "routes/v1",
            "routes": .array(
                standings.map { standing in
                    guard case .object(var object) = standing.status else { return standing.status }
                    object["seconds_ago"] = .number((standing.age * 10).rounded() / 10)
                    if let ready { object["ready"] = .integer(Int64(ready[standing.route] ?? 0)) }
                    return .object(LimitName.naming(object))
                }),
        ]
    }

    /// A table for people, with a line for each worker under its route.
    var lines: [String] {
        guard !standings.isEmpty else { return ["no worker serves a route now"] }
        var rows = [
            ["ROUTE", "READY", "IN FLIGHT", "LIMIT", "CEILING", "CAP", "REFUSED", "WORKERS", "ENDPOINT", "MOVED BY"]
        ]
        let endpoints = LimitName.column(standings.map { ($0.route, $0.text("limit_key")) })
        for (standing, endpoint) in zip(standings, endpoints) {
            rows.append([
                standing.route, ready.map { "\($0[standing.route] ?? 0)" } ?? "-", "\(standing.int("in_flight"))",
                "\(standing.int("limit"))", standing.double("ceiling").map { "\(Int($0))" } ?? "-",
                "\(standing.int("cap"))", "\(standing.int("refused"))", "\(standing.workers.count)",
                endpoint, Self.movedBy(standing),
            ])
            for worker in standing.workers { rows.append(Self.row(of: worker)) }
        }
        return Columns.aligned(rows)
    }

    private static func movedBy(_ standing: Standing) -> String {
        if let waiting = waiting(standing) { return waiting }
        let signal = standing.text("moved_by")
        return standing.text("state") == "park" || signal.isEmpty ? signal : "\(signal) (\(standing.text("state")))"
    }

    private static func row(of worker: JSONValue) -> [String] {
        let blocked = worker["blocked_by"]?.stringValue ?? ""
        let breaker = worker["breaker"]?.stringValue ?? "closed"
        var note = blocked
        if breaker != "closed" {
            let probe = worker["next_probe_seconds"]?.doubleValue ?? 0
            note += ", breaker \(breaker)" + (breaker == "open" ? ", next probe in \(Int(probe.rounded(.up))) s" : "")
        }
        return [
            "  " + (worker["worker"]?.stringValue ?? ""), "", "\(worker["in_flight"]?.intValue ?? 0)",
            "\(worker["share"]?.intValue ?? 0)", "", "", "\(worker["refused"]?.intValue ?? 0)", "", "", note,
        ]
    }

    /// "waiting on ... for ..., next probe in ..." while a limit's breaker is not closed; else nil.
    static func waiting(_ standing: Standing) -> String? {
        guard standing.isOpen else { return nil }
        let time = standing.double("refused_since_seconds").map { " for \(Spell.duration($0 + standing.age))" } ?? ""
        let pause = max(0, (standing.double("paused_seconds") ?? 0) - standing.age)
        let next =
            standing.text("breaker") == "half-open" ? "probing now" : "next probe in \(Int(pause.rounded(.up))) s"
        return "waiting on \(standing.route)\(time), \(next)"
    }

    /// What `status` says of the routes of a job.
    ///
    /// - Parameter aliases: by route, the aliases that use it, each with the cap that its job or its file gives it.
    func heldBack(_ aliases: [String: [(alias: String, cap: Int)]]) -> [String] {
        standings.filter { aliases[$0.route] != nil }.compactMap { standing in
            if let waiting = Self.waiting(standing) { return waiting }
            // A worker holds a little more than its share while there is more to do than it may start.
            let held = standing.workers.reduce(0) { $0 + ($1["held"]?.intValue ?? 0) }
            let limit = standing.int("limit")
            guard limit > 0, held > limit || standing.int("in_flight") >= limit else { return nil }
            guard standing.isAtCap else {
                let cap = standing.int("cap")
                return "held back by: \(standing.route) rate limit (\(limit) of \(cap), \(standing.text("moved_by")))"
            }
            if standing.status["operator_cap"] == .bool(true) {
                return "held back by: max_parallel_requests \(limit) of \(standing.route) in providers.yaml"
            }
            let alias = aliases[standing.route]?.min { $0.cap < $1.cap }?.alias ?? "ALIAS"
            return "held back by: max_parallel_requests \(limit) of \(alias); raise it with --max-parallel"
                + " \(alias)=\(limit * 4) or in providers.yaml"
        }
    }
}
