/// What happened since the start or the last `POST /reset`.
package struct SimulatorStatistics: Sendable, Hashable {
    /// Of all calls, or of one model's.
    package struct Counts: Sendable, Hashable {
        /// Calls that arrived, whatever became of them.
        package var requests = 0
        package var ok = 0
        /// Refused with 429.
        package var r429 = 0
        /// Failed on purpose, in any other way.
        package var errors = 0
        /// The client went away first.
        package var aborted = 0
        /// In service now, and the most there were at once.
        package var inFlight = 0
        package var maximumInFlight = 0
        /// Waiting now, and the most there were at once.
        package var waiting = 0
        package var maximumWaiting = 0
        /// Of calls that were answered.
        package var promptTokens = 0
        package var completionTokens = 0
        /// Answers cut short by `max_tokens`; a part of `ok`.
        package var truncated = 0
    }

    package var all = Counts()
    package var models: [String: Counts] = [:]
    /// Calls that could not be understood (400).
    package var badRequests = 0
    /// Connections opened, open now, and the most open at once.
    package var connections = 0
    package var openConnections = 0
    package var maximumOpenConnections = 0
    /// Different prompts seen, and good answers to a prompt that had one already; with `tracksPrompts`.
    package var distinctPrompts = 0
    package var repeatedPrompts = 0
    /// The sum over all calls of their time in service.
    package var busy = Duration.zero

    /// Everything forgotten but what is going on.
    mutating func reset() {
        var fresh = SimulatorStatistics()
        fresh.openConnections = openConnections
        fresh.connections = openConnections
        fresh.maximumOpenConnections = openConnections
        fresh.all = all.ongoing
        for (name, counts) in models { fresh.models[name] = counts.ongoing }
        self = fresh
    }

    mutating func count(_ model: String, _ change: (inout Counts) -> Void) {
        change(&all)
        change(&models[model, default: Counts()])
    }
}

extension SimulatorStatistics.Counts {
    fileprivate var ongoing: Self {
        var counts = Self()
        counts.inFlight = inFlight
        counts.maximumInFlight = inFlight
        counts.waiting = waiting
        counts.maximumWaiting = waiting
        return counts
    }

    mutating func start() {
        inFlight += 1
        maximumInFlight = max(maximumInFlight, inFlight)
    }

    mutating func wait() {
        waiting += 1
        maximumWaiting = max(maximumWaiting, waiting)
    }
}
