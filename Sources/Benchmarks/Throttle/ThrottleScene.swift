/// One scene: a simulator, workers, a job, what happens meanwhile, and the figures to reach.
struct ThrottleScene: Sendable {
    /// What an endpoint is like, as options that both simulators understand in their own words.
    struct Endpoint: Sendable {
        var latencyMilliseconds: Double
        var options: [String]
        var models: [Model] = []
        /// The part of calls that end in a server's error.
        var failures = 0.0
    }

    struct Model: Sendable {
        let name: String
        let milliseconds: Double
        let slots: Int
    }

    enum Event: Sendable {
        case kill(Int)
        case join
        /// SIGSTOP, and SIGCONT later.
        case freeze(Int)
        case thaw(Int)
    }

    /// A figure: what it is, what was measured, what it has to be.
    struct Figure: Sendable {
        let name: String
        let value: Double
        let bound: String
        let isReached: Bool

        static func atLeast(_ name: String, _ value: Double, _ bound: Double) -> Figure {
            Figure(name: name, value: value, bound: ">= \(Report.short(bound))", isReached: value >= bound)
        }

        static func atMost(_ name: String, _ value: Double, _ bound: Double) -> Figure {
            Figure(name: name, value: value, bound: "<= \(Report.short(bound))", isReached: value <= bound)
        }

        static func told(_ name: String, _ value: Double) -> Figure {
            Figure(name: name, value: value, bound: "", isReached: true)
        }
    }

    let name: String
    let seconds: Int
    var workers = 1
    let endpoint: Endpoint
    var cap = 128
    /// Nil: more than can be made in that time; the job is cancelled at the end.
    var records: Int?
    var isDependent = false
    /// It takes the whole machine.
    var isHeavy = false
    /// It says something of the published controller, too.
    var hasBaseline = true
    var events: [(second: Double, event: Event)] = []
    let figures: @Sendable (ThrottleRun) throws -> [Figure]
}
