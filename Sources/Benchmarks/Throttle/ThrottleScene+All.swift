extension ThrottleScene {
    static var all: [ThrottleScene] {
        var scenes: [ThrottleScene] = []
        for workers in [1, 4, 16] {
            for (milliseconds, first) in [(100.0, 60.0), (400, 60), (2000, 45)] {
                scenes.append(slots(milliseconds, workers, first: first))
            }
        }
        scenes.append(many(limited: true))
        scenes.append(many(limited: false))
        scenes += [failing(0), failing(0.05)]
        scenes.append(schedule)
        scenes += [dip(100, within: 15), dip(1000, within: 30)]
        scenes += [bucket(workers: 1), bucket(workers: 4)]
        scenes.append(queue)
        scenes.append(refusing)
        scenes.append(churn)
        scenes += [models(isDependent: false), models(isDependent: true)]
        return scenes
    }

    private static func slots(_ milliseconds: Double, _ workers: Int, first: Double) -> ThrottleScene {
        let seconds = milliseconds >= 2000 ? 120 : 60
        return ThrottleScene(
            name: "16 slots, \(Int(milliseconds)) ms, \(workers) worker\(workers == 1 ? "" : "s")", seconds: seconds,
            workers: workers,
            endpoint: Endpoint(latencyMilliseconds: milliseconds, options: ["--max-concurrency", "16"]),
            figures: { run in
                let half = try run.window(seconds / 2, seconds)
                let early = try run.window(0, 10)
                let whole = try run.window(0, seconds)
                var figures: [Figure] = [
                    .atLeast("goodput %", half.goodput, workers == 1 ? 97 : 95),
                    .atMost("refused %", half.refused, workers == 1 ? 1 : 2),
                    .atLeast("first 10 s %", early.goodput, first), .told("refused, whole run %", whole.refused),
                ]
                if workers > 1 { figures.append(.atMost("max/min", run.unfairness, 1.15)) }
                return figures
            })
    }

    /// What the machine can drive at a limit of 512, refused above or not.
    private static func many(limited: Bool) -> ThrottleScene {
        ThrottleScene(
            name: limited ? "512 slots, 100 ms, 4 workers" : "512 at once without a limit, 100 ms, 4 workers",
            seconds: 40, workers: 4,
            endpoint: Endpoint(latencyMilliseconds: 100, options: limited ? ["--max-concurrency", "512"] : []),
            cap: limited ? 1024 : 512, isHeavy: true, hasBaseline: limited,
            figures: { run in
                let half = try run.window(20, 40)
                return [.told("calls/s", half.perSecond), .told("refused %", half.refused)]
            })
    }

    /// What calls that fail cost beside themselves.
    private static func failing(_ share: Double) -> ThrottleScene {
        ThrottleScene(
            name: share > 0
                ? "\(Int(share * 100)) % of the calls fail, 200 ms, 2 workers" : "no call fails, 200 ms, 2 workers",
            seconds: 40, workers: 2,
            endpoint: Endpoint(
                latencyMilliseconds: 200, options: ["--max-concurrency", "32"], failures: share),
            hasBaseline: false,
            figures: { run in
                let half = try run.window(20, 40)
                return [
                    .atLeast("goodput, failed calls too %", half.goodput, 95),
                    .told("served, of what the slots could %", half.perSecond / 1.6), .told("refused %", half.refused),
                ]
            })
    }

    private static var schedule: ThrottleScene {
        ThrottleScene(
            name: "capacity 64, 16, 64, 250 ms, 4 workers", seconds: 60, workers: 4,
            endpoint: Endpoint(latencyMilliseconds: 250, options: ["--capacity-schedule", "0:64,20:16,40:64"]),
            figures: { run in
                let whole = try run.window(0, 60)
                return [.atLeast("goodput %", whole.goodput, 85), .told("refused %", whole.refused)]
            })
    }

    private static func dip(_ milliseconds: Double, within bound: Double) -> ThrottleScene {
        ThrottleScene(
            name: "12 slots, dip to 1, \(Int(milliseconds)) ms", seconds: 130,
            endpoint: Endpoint(latencyMilliseconds: milliseconds, options: ["--capacity-schedule", "0:12,30:1,90:12"]),
            figures: { run in
                let rate = 12_000 / milliseconds
                return [
                    .atMost("90 % after s", run.secondsUntil(0.9 * rate, after: 90), bound),
                    .told("goodput in the dip %", try run.window(35, 90).goodput),
                ]
            })
    }

    private static func bucket(workers: Int) -> ThrottleScene {
        ThrottleScene(
            name: "100 a second, Retry-After 1, \(workers) worker\(workers == 1 ? "" : "s")", seconds: 60,
            workers: workers,
            endpoint: Endpoint(latencyMilliseconds: 100, options: ["--rps", "100", "--retry-after", "1"]),
            figures: { run in
                let half = try run.window(30, 60)
                return [
                    .atLeast("of the rate %", half.perSecond, 93), .atMost("refused %", half.refused, 3),
                    .told("first half, of the rate %", try run.window(0, 30).perSecond),
                ]
            })
    }

    private static var queue: ThrottleScene {
        ThrottleScene(
            name: "16 slots that queue, 400 ms, 4 workers", seconds: 60, workers: 4,
            endpoint: Endpoint(latencyMilliseconds: 400, options: ["--max-concurrency", "16", "--queue"]), cap: 256,
            figures: { run in
                let half = try run.window(30, 60)
                let target = Double(max(4, run.limit(at: 55) / 4))
                return [
                    .atLeast("goodput %", half.goodput, 97), .atMost("waiting, 95 % of the time", half.waiting, target),
                ]
            })
    }

    private static var refusing: ThrottleScene {
        ThrottleScene(
            name: "only 429 for 180 s", seconds: 210,
            endpoint: Endpoint(latencyMilliseconds: 100, options: ["--capacity-schedule", "0:0,180:16"]),
            records: 3000,
            figures: { run in
                [
                    .atLeast("records complete %", run.completedShare, 100), .atMost("dropped", run.dropped, 0),
                    .atMost("breaker opened", run.breakerOpened, 1),
                    .atMost("calls while open", run.callsWhileOpen, 40),
                    .atMost("90 % after s", run.secondsUntil(0.9 * 160, after: 180), 15),
                ]
            })
    }

    private static var churn: ThrottleScene {
        ThrottleScene(
            name: "4 workers, one killed, one joined, one frozen", seconds: 60, workers: 4,
            endpoint: Endpoint(latencyMilliseconds: 400, options: ["--max-concurrency", "16"]),
            events: [(15, .kill(0)), (25, .join), (35, .freeze(1)), (45, .thaw(1))],
            figures: { run in
                [
                    .atLeast("goodput %", try run.window(0, 60).goodput, 90),
                    .atMost("leaders at the end", run.leadersAtEnd, 1),
                ]
            })
    }

    /// Two models at once, 320 cells a second each.
    private static func models(isDependent: Bool) -> ThrottleScene {
        let fast = Model(name: "fast", milliseconds: 50, slots: 16)
        let slow = Model(name: "slow", milliseconds: 200, slots: 64)
        return ThrottleScene(
            name: "two models, \(isDependent ? "dependent" : "independent")", seconds: 60,
            endpoint: Endpoint(latencyMilliseconds: 50, options: [], models: [fast, slow]), records: 12_000,
            isDependent: isDependent, isHeavy: true, hasBaseline: !isDependent,
            figures: { run in
                let (from, to) = run.middle
                return [
                    .atLeast("fast busy %", try run.window(from, to, model: fast).goodput, 95),
                    .atLeast("slow busy %", try run.window(from, to, model: slow).goodput, 95),
                    .told("seconds", Double(run.lastSecond)),
                ]
            })
    }
}
