/// Who is in service and who waits, under a limit for all and one for each model. Decides only; time is not its
/// concern.
struct Admission {
    /// Names a call.
    typealias CallID = UInt64

    enum Verdict {
        case starts
        case waits
        case isRefused
    }

    private struct Line {
        var running = 0
        /// In the order of their arrival; those that left are taken out when they come to the front.
        var waiting: ArraySlice<CallID> = []
    }

    private(set) var running = 0
    private(set) var waiting = 0
    private var lines: [String: Line] = [:]
    private var gone: Set<CallID> = []

    func running(_ model: String) -> Int { lines[model]?.running ?? 0 }

    func waiting(_ model: String) -> Int {
        lines[model]?.waiting.reduce(0) { $0 + (gone.contains($1) ? 0 : 1) } ?? 0
    }

    /// A call of a model arrives. Ids grow with every call.
    mutating func arrive(_ call: CallID, _ model: String, _ settings: SimulatorSettings) -> Verdict {
        let isFirst = lines[model]?.waiting.isEmpty ?? true
        if isFirst, hasRoom(model, settings) {
            lines[model, default: Line()].running += 1
            running += 1
            return .starts
        }
        guard settings.queues else { return .isRefused }
        lines[model, default: Line()].waiting.append(call)
        waiting += 1
        return .waits
    }

    /// A call in service ends.
    mutating func end(_ model: String) {
        lines[model]?.running -= 1
        running -= 1
    }

    /// A waiting call's client went away.
    mutating func leave(_ call: CallID) {
        gone.insert(call)
        waiting -= 1
    }

    /// The calls that start now, after an end or a change of the limits: whoever waited longest and has room.
    mutating func startWaiting(_ settings: SimulatorSettings) -> [CallID] {
        var started: [CallID] = []
        while waiting > 0, let (model, call) = next(settings) {
            lines[model]?.waiting.removeFirst()
            lines[model]?.running += 1
            waiting -= 1
            running += 1
            started.append(call)
        }
        return started
    }

    private mutating func next(_ settings: SimulatorSettings) -> (String, CallID)? {
        var first: (String, CallID)?
        for model in lines.keys {
            while let call = lines[model]?.waiting.first, gone.remove(call) != nil {
                lines[model]?.waiting.removeFirst()
            }
            guard let call = lines[model]?.waiting.first, hasRoom(model, settings) else { continue }
            if first.map({ call < $0.1 }) ?? true { first = (model, call) }
        }
        return first
    }

    private func hasRoom(_ model: String, _ settings: SimulatorSettings) -> Bool {
        if let limit = settings.maximumConcurrency, running >= limit { return false }
        if let limit = settings.models[model]?.maximumConcurrency, self.running(model) >= limit { return false }
        return true
    }
}
