import Testing

@testable import InferenceSimulation

struct SimulatorSettingsTests {
    @Test func `options change what they name`() throws {
        var settings = SimulatorSettings()
        let options = [
            ("latency-ms", "1.5"), ("latency-jitter", "0.25"), ("max-concurrency", "7"), ("queue", ""),
            ("retry-after", "2.5"), ("retry-after-date", "1"), ("error-rate", "0.5"), ("error-status", "503"),
            ("error-kind", "hang"), ("error-key", "prompt"), ("fail-status", "401"), ("model", "org/a"),
            ("model-latency", "a=b=20"), ("model-concurrency", "org/a=3"), ("words", "9"), ("seed", "5"),
            ("prompt-echo", "false"), ("embed-dim", "4"), ("track-prompts", "yes"), ("keep-requests", "10"),
        ]
        for (name, value) in options { try settings.set(name, to: value) }
        #expect(settings.latency == .microseconds(1500) && settings.latencyJitter == 0.25)
        #expect(settings.maximumConcurrency == 7 && settings.queues)
        #expect(settings.retryAfter == 2.5 && settings.retryAfterAsDate)
        #expect(settings.errorRate == 0.5 && settings.errorStatus == 503)
        #expect(settings.errorKind == .hang && settings.errorKey == .prompt && settings.failStatus == 401)
        #expect(settings.models["a=b"]?.latency == .milliseconds(20))
        #expect(settings.models["org/a"]?.maximumConcurrency == 3)
        #expect(settings.words == 9 && settings.seed == 5 && !settings.echoesPrompt)
        #expect(settings.embeddingDimensions == 4 && settings.tracksPrompts && settings.keptRequests == 10)
        for name in ["max-concurrency", "retry-after", "fail-status"] {
            try settings.set(name, to: name == "fail-status" ? "0" : "-1")
        }
        #expect(settings.maximumConcurrency == nil && settings.retryAfter == nil && settings.failStatus == nil)
    }

    @Test(arguments: [
        ("latency-ms", "-1"), ("latency-ms", ""), ("latency-ms", "nan"), ("error-rate", "1.01"),
        ("error-status", "200"),
        ("error-kind", "boom"), ("error-key", ""), ("queue", "maybe"), ("model-latency", "x"), ("model-latency", "=5"),
        ("model-concurrency", "a=b"), ("words", "x"), ("seed", "-1"), ("max-concurrency", "-2"), ("port", "1"),
        ("no-such-option", ""),
    ])
    func `what an option does not take is refused with its name`(_ name: String, _ value: String) {
        var settings = SimulatorSettings()
        #expect {
            try settings.set(name, to: value)
        } throws: { error in
            (error as? SimulatorError)?.code == .invalidOption && "\(error)".contains(name)
        }
    }
}
