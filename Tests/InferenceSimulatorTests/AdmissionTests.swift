import Testing

@testable import InferenceSimulation

struct AdmissionTests {
    private func settings(all: Int?, models: [String: Int] = [:], queues: Bool = true) -> SimulatorSettings {
        var settings = SimulatorSettings()
        settings.maximumConcurrency = all
        settings.queues = queues
        for (name, limit) in models { settings.models[name, default: .init()].maximumConcurrency = limit }
        return settings
    }

    @Test func `above the limit a call is refused, or waits when it may`() {
        var admission = Admission()
        let strict = settings(all: 2, queues: false)
        #expect(admission.arrive(1, "a", strict) == .starts)
        #expect(admission.arrive(2, "b", strict) == .starts)
        #expect(admission.arrive(3, "a", strict) == .isRefused)
        #expect(admission.arrive(4, "a", settings(all: 2)) == .waits)
        #expect(admission.running == 2 && admission.waiting == 1)
    }

    @Test func `who waited longest starts first, unless its own model is full`() {
        var admission = Admission()
        let settings = settings(all: 2, models: ["a": 1])
        #expect(admission.arrive(1, "a", settings) == .starts)
        #expect(admission.arrive(2, "b", settings) == .starts)
        #expect(admission.arrive(3, "a", settings) == .waits)
        #expect(admission.arrive(4, "b", settings) == .waits)
        #expect(admission.arrive(5, "a", settings) == .waits)
        admission.end("b")
        #expect(admission.startWaiting(settings) == [4])
        admission.end("a")
        #expect(admission.startWaiting(settings) == [3])
        admission.end("a")
        admission.end("b")
        #expect(admission.startWaiting(settings) == [5])
        #expect(admission.waiting == 0 && admission.running == 1)
    }

    @Test func `a newcomer does not pass those who wait for its model`() {
        var admission = Admission()
        #expect(admission.arrive(1, "a", settings(all: 1)) == .starts)
        #expect(admission.arrive(2, "a", settings(all: 1)) == .waits)
        #expect(admission.arrive(3, "a", settings(all: 5)) == .waits)
        #expect(admission.startWaiting(settings(all: 5)) == [2, 3])
    }

    @Test func `over a long random walk no limit is passed, nobody is lost and none waits without need`() {
        for seed in UInt64(0)..<20 {
            var stream = HashStream(seed)
            var admission = Admission()
            var running: [Admission.CallID: String] = [:]
            var waiting: [Admission.CallID: String] = [:]
            var settings = settings(all: 5, models: ["a": 2, "b": 3])
            for id in UInt64(1)...500 {
                switch stream.index(below: 4) {
                case 0, 1:
                    let model = ["a", "b", "c"][stream.index(below: 3)]
                    switch admission.arrive(id, model, settings) {
                    case .starts: running[id] = model
                    case .waits: waiting[id] = model
                    case .isRefused: Issue.record("refused although it may wait, seed \(seed)")
                    }
                case 2:
                    guard let (call, model) = running.min(by: { $0.key < $1.key }) else { continue }
                    running[call] = nil
                    admission.end(model)
                default:
                    guard let (call, _) = waiting.max(by: { $0.key < $1.key }) else { continue }
                    waiting[call] = nil
                    admission.leave(call)
                }
                if id == 250 { settings.maximumConcurrency = 1 }
                if id == 300 { settings.maximumConcurrency = nil }
                for call in admission.startWaiting(settings) {
                    running[call] = waiting.removeValue(forKey: call)
                    #expect(running[call] != nil, "seed \(seed)")
                }
                #expect(admission.running == running.count && admission.waiting == waiting.count, "seed \(seed)")
                #expect(running.values.count { $0 == "a" } <= 2 && running.values.count { $0 == "b" } <= 3)
                #expect(!(250..<300).contains(id) || waiting.isEmpty || !running.isEmpty)
                if settings.maximumConcurrency == nil {
                    #expect(!waiting.values.contains("c"), "seed \(seed)")
                    #expect(!waiting.values.contains("a") || admission.running("a") == 2, "seed \(seed)")
                }
            }
        }
    }
}
