import Inference
import Messages
import Testing
import Throttle

@testable import Delivering

struct BeatTests {
    @Test func `a beat comes each second, and says what the worker has`() throws {
        let bench = WorkerBench()
        bench.deliver(1)
        bench.wait(.seconds(1))
        _ = bench.takeSignals()
        bench.wait(.seconds(3))
        let beats = bench.takeBeats()
        #expect(beats.count == 3)
        #expect(zip(beats, beats.dropFirst()).filter { $0.number >= $1.number }.isEmpty)
        let beat = try #require(beats.last)
        #expect(beat.worker == "w")
        #expect(beat.providers == ["p"])
        let route = try #require(beat.routes.first)
        #expect(route.model == "m")
        #expect(route.limitKey == "k")
        #expect([route.limit, route.share, route.inFlight, route.held] == [4, 4, 1, 1])
        #expect(route.blockedBy == "")
    }

    @Test func `a change is told at once, but not more than 50 times a second`() {
        let bench = WorkerBench()
        bench.wait(.milliseconds(500))
        _ = bench.takeSignals()
        for cap in 5..<105 {
            bench.machine.learn(
                WorkerBench.route, endpoint: "e", limitKey: "k", operatorCap: nil, workflowCap: cap, at: bench.now)
            bench.run()
            bench.wait(.milliseconds(1))
        }
        let beats = bench.takeBeats()
        #expect((4...6).contains(beats.count))
        #expect(beats.first?.routes.first?.limit == 5)
    }

    @Test func `a beat says why nothing is taken`() {
        let bench = WorkerBench()
        bench.deliver(1)
        bench.endCalls(.failure(.authentication))
        bench.wait(.milliseconds(50))
        #expect(bench.takeBeats().last?.routes.first?.blockedBy == "endpoint: authentication: m")
    }

    @Test func `two workers share a cap once they hear each other`() {
        let bench = WorkerBench(cap: 5) { _, cap in DividedCap(worker: "w", cap: cap) }
        bench.hearOwnBeats(for: .seconds(2))
        #expect(bench.machine.limits["k"]?.share == 5)
        bench.machine.heard(bench.beat(of: "a", inFlight: 5), at: bench.now)
        #expect(bench.machine.limits["k"]?.share == 2)
        bench.deliver(1)
        #expect(bench.takeCalls().isEmpty)
        bench.hearOwnBeats(for: .milliseconds(3100))
        #expect(bench.machine.limits["k"]?.share == 5)
        #expect(bench.takeCalls().count == 1)
    }

    @Test func `the operator's cap replaces the workflow's, and the highest of a key's routes holds`() {
        let bench = WorkerBench(cap: 4)
        let other = Route(provider: "q", model: "m")
        bench.machine.learn(other, endpoint: "e", limitKey: "k", operatorCap: 2, workflowCap: 100, at: bench.now)
        #expect(bench.machine.limits["k"]?.share == 4)
        bench.machine.learn(
            WorkerBench.route, endpoint: "e", limitKey: "k", operatorCap: nil, workflowCap: 1, at: bench.now)
        #expect(bench.machine.limits["k"]?.share == 2)
    }

    @Test func `a worker that does not hear itself declares its inbox again, each 3 seconds`() throws {
        let bench = WorkerBench()
        bench.wait(.seconds(5))
        #expect(bench.takeInboxDeclarations() == 0, "it was never there")
        bench.machine.inboxReady(at: bench.now)
        bench.wait(.seconds(10))
        #expect(bench.takeInboxDeclarations() == 3)
        bench.actions.removeAll()
        for _ in 0..<5 {
            bench.wait(.seconds(1))
            for signal in bench.takeSignals() { bench.machine.heard(signal, at: bench.now) }
        }
        #expect(bench.takeInboxDeclarations() == 0)
    }

    enum Interruption: CaseIterable, Sendable { case blocked, publisherLost, consumerLost }

    @Test(arguments: Interruption.allCases)
    func `a worker is not deaf while the broker takes nothing, or a connection is away, and has 3 s after it`(
        _ interruption: Interruption
    ) {
        let bench = WorkerBench()
        func interrupt(_ begins: Bool) {
            switch interruption {
            case .blocked: bench.machine.publisherBlocked(begins, at: bench.now)
            case .publisherLost: bench.machine.publisherChanged(isConnected: !begins)
            case .consumerLost: bench.machine.consumerConnectionChanged(isConnected: !begins)
            }
        }
        bench.machine.inboxReady(at: bench.now)
        bench.hearOwnBeats(for: .seconds(2))
        // Just before it begins a beat is sent that does not come back.
        bench.wait(.seconds(1))
        interrupt(true)
        bench.wait(.seconds(30))
        #expect(bench.takeInboxDeclarations() == 0, "while it lasted")
        interrupt(false)
        if interruption == .consumerLost { bench.machine.inboxReady(at: bench.now) }
        bench.wait(.milliseconds(2900))
        #expect(bench.takeInboxDeclarations() == 0, "as soon as it was over")
        bench.wait(.seconds(3))
        #expect(bench.takeInboxDeclarations() == 1, "it hears nothing, though it could")
    }

    @Test func `the state is asked for every 2 seconds until it comes`() {
        let bench = WorkerBench()
        bench.machine.inboxReady(at: bench.now)
        bench.run()
        bench.wait(.seconds(5))
        #expect(bench.takeQuestions().count == 3)
        bench.machine.stateCame(stoppedJobs: ["x"], at: bench.now)
        bench.wait(.seconds(5))
        #expect(bench.takeQuestions().isEmpty)
        #expect(bench.machine.stoppedJobs == ["x"])
    }
}
