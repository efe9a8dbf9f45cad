extension SimulatorSettings {
    /// Sets one option by its name on the command line, without the dashes.
    ///
    /// An empty value sets a flag; `-1` or an empty value takes a limit away.
    ///
    /// - Throws: `.invalidOption`, with nothing changed.
    package mutating func set(_ name: String, to value: String) throws(SimulatorError) {
        switch name {
        case "latency-ms": latency = .milliseconds(try number(name, value, 0...86_400_000))
        case "latency-jitter": latencyJitter = try number(name, value, 0...1)
        case "max-concurrency": maximumConcurrency = try limit(name, value)
        case "capacity-schedule":
            guard value.isEmpty || CapacitySchedule(value) != nil else {
                throw wrong(name, value, "SECOND:CALLS,... such as 0:64,20:16")
            }
            capacitySchedule = CapacitySchedule(value)
        case "clock-on-first-request": startsClockOnFirstRequest = try flag(name, value)
        case "rps": requestsPerSecond = value.isEmpty || value == "-1" ? nil : try number(name, value, 0.001...1e6)
        case "burst": burst = value.isEmpty || value == "-1" ? nil : try number(name, value, 1...1e6)
        case "queue": queues = try flag(name, value)
        case "retry-after": retryAfter = value.isEmpty || value == "-1" ? nil : try number(name, value, 0...86_400)
        case "retry-after-date": retryAfterAsDate = try flag(name, value)
        case "error-rate": errorRate = try number(name, value, 0...1)
        case "error-status": errorStatus = try integer(name, value, 400...599)
        case "error-kind": errorKind = try choice(name, value)
        case "error-key": errorKey = try choice(name, value)
        case "error-on":
            if value.isEmpty { promptErrors = [] } else { promptErrors.append(try promptError(name, value)) }
        case "slowness-ms": slowness = .milliseconds(try number(name, value, 0...86_400_000))
        case "fail-status": failStatus = value.isEmpty || value == "0" ? nil : try integer(name, value, 400...599)
        case "model": models[value, default: Model()] = models[value] ?? Model()
        case "model-latency":
            let (model, milliseconds) = try pair(name, value)
            let latency = try number(name, milliseconds, 0...86_400_000)
            models[model, default: Model()].latency = .milliseconds(latency)
        case "model-concurrency":
            let (model, count) = try pair(name, value)
            let limit = try limit(name, count)
            models[model, default: Model()].maximumConcurrency = limit
        case "words": words = try integer(name, value, 0...1_000_000)
        case "seed": seed = try seed(name, value)
        case "flaw-rate": flawRate = try number(name, value, 0...1)
        case "flaw": flaw = value.isEmpty || value == "any" ? nil : try choice(name, value)
        case "invalid-code-rate": invalidCodeRate = try number(name, value, 0...1)
        case "reasoning": reasons = try flag(name, value)
        case "prompt-echo": echoesPrompt = try flag(name, value)
        case "embed-dim": embeddingDimensions = try integer(name, value, 1...8192)
        case "image-side": imageSide = try integer(name, value, 1...4096)
        case "track-prompts": tracksPrompts = try flag(name, value)
        case "keep-bodies": keepsBodies = try flag(name, value)
        case "keep-requests": keptRequests = try integer(name, value, 0...10_000_000)
        default: throw SimulatorError(code: .invalidOption, detail: "there is no option \(name)")
        }
    }

    private func number(_ name: String, _ value: String, _ range: ClosedRange<Double>) throws(SimulatorError) -> Double
    {
        guard let number = Double(value), range.contains(number) else {
            throw wrong(name, value, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private func integer(_ name: String, _ value: String, _ range: ClosedRange<Int>) throws(SimulatorError) -> Int {
        guard let number = Int(value), range.contains(number) else {
            throw wrong(name, value, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private func promptError(_ name: String, _ value: String) throws(SimulatorError) -> PromptError {
        let parts = value.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw wrong(name, value, "KIND:TEXT or STATUS:TEXT") }
        let text = Array(parts[1].utf8)
        if let status = Int(parts[0]), (400...599).contains(status) {
            return PromptError(kind: .status, status: status, text: text)
        }
        return PromptError(kind: try choice(name, parts[0]), status: nil, text: text)
    }

    private func seed(_ name: String, _ value: String) throws(SimulatorError) -> UInt64 {
        guard let number = UInt64(value) else { throw wrong(name, value, "a whole number") }
        return number
    }

    private func limit(_ name: String, _ value: String) throws(SimulatorError) -> Int? {
        if value.isEmpty || value == "-1" { return nil }
        return try integer(name, value, 0...10_000_000)
    }

    private func flag(_ name: String, _ value: String) throws(SimulatorError) -> Bool {
        switch value {
        case "", "1", "true", "yes": true
        case "0", "false", "no": false
        default: throw wrong(name, value, "true or false")
        }
    }

    private func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ value: String
    ) throws(SimulatorError) -> Choice {
        guard let choice = Choice(rawValue: value) else {
            throw wrong(name, value, Choice.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return choice
    }

    /// Splits NAME=VALUE at the last equals sign.
    private func pair(_ name: String, _ value: String) throws(SimulatorError) -> (String, String) {
        guard let equals = value.lastIndex(of: "="), equals > value.startIndex else {
            throw wrong(name, value, "NAME=VALUE")
        }
        return (String(value[..<equals]), String(value[value.index(after: equals)...]))
    }

    private func wrong(_ name: String, _ value: String, _ expected: String) -> SimulatorError {
        SimulatorError(code: .invalidOption, detail: "\(name) is \"\(value)\"; expected: \(expected)")
    }
}
