import JSON

/// What a scene's run left behind, as far as it was asked for.
struct ThrottleRun: Sendable {
    /// One second at the coordinators: what leaders said.
    struct Moment: Sendable {
        let second: Double
        let limit: Int
        let ceiling: Int
        let inFlight: Int
        let refused: Int
        let state: String
    }

    struct Window {
        /// Busy slot-seconds of a hundred.
        let goodput: Double
        /// Refusals of a hundred calls.
        let refused: Double
        /// Calls served a second.
        let perSecond: Double
        /// Calls waiting at the endpoint, not exceeded for 95 % of the time.
        let waiting: Double
    }

    let scene: ThrottleScene
    /// Asks the simulator.
    let stats: @Sendable (String) throws -> JSONValue
    /// By second of the simulator's clock.
    let served: [Int]
    let refused: [Int]
    let requests: [Int]
    let busy: [Double]
    let moments: [Moment]
    /// Cells stored from the tenth second on, by worker.
    let cells: [String: Int]
    let completed: Int
    let droppedRecords: Int
    let leadersAtEnd: Double

    func window(_ from: Int, _ to: Int, model: ThrottleScene.Model? = nil) throws -> Window {
        let path = "stats?from=\(from)&to=\(to)" + (model.map { "&model=\($0.name)" } ?? "")
        let answer = try stats(path)
        func value(_ key: String) -> Double { answer[key]?.doubleValue ?? 0 }
        let capacity = model.map { Double($0.slots * max(1, to - from)) } ?? value("capacity_slot_seconds")
        return Window(
            goodput: capacity > 0 ? 100 * value("busy_slot_seconds") / capacity : 0,
            refused: value("requests") > 0 ? 100 * value("r429") / value("requests") : 0,
            perSecond: value("seconds") > 0 ? value("ok") / value("seconds") : 0, waiting: value("waiting_p95"))
    }

    var unfairness: Double {
        let counts = cells.values.sorted()
        guard counts.count == scene.workers, let least = counts.first, let most = counts.last, least > 0 else {
            return .infinity
        }
        return Double(most) / Double(least)
    }

    /// From the second `after` until three seconds in a row are served at that rate on the average.
    func secondsUntil(_ rate: Double, after: Int) -> Double {
        for second in after..<max(after, served.count - 3)
        where Double(served[second..<second + 3].reduce(0, +)) >= 3 * rate {
            return Double(second - after)
        }
        return .infinity
    }

    func limit(at second: Double) -> Int { moments.last { $0.second <= second }?.limit ?? 0 }

    var completedShare: Double { scene.records.map { 100 * Double(completed) / Double($0) } ?? 0 }
    var dropped: Double { Double(droppedRecords) }

    /// How often the breaker opened.
    var breakerOpened: Double {
        let states = moments.map { $0.state == "open" }
        return Double(zip([false] + states, states).filter { !$0 && $1 }.count)
    }

    var callsWhileOpen: Double {
        let open = Set(moments.filter { $0.state == "open" }.map { Int($0.second) })
        return Double(requests.indices.filter { open.contains($0) && served[$0] == 0 }.reduce(0) { $0 + requests[$1] })
    }

    /// The last second in which anything was served.
    var lastSecond: Int { (served.lastIndex { $0 > 0 } ?? 0) + 1 }

    /// From 20 % to 80 % of the run.
    var middle: (Int, Int) { (lastSecond / 5, max(lastSecond / 5 + 1, lastSecond * 4 / 5)) }
}
