import AMQP
import Inference
import Messages
import Testing

@testable import Delivering

struct EndpointTests {
    @Test func `a refusal pauses the key, is told to all, and the cell is called again uncharged`() throws {
        let bench = WorkerBench()
        bench.deliver(1)
        _ = bench.takeSignals()
        bench.endCalls(.failure(.rateLimited, retryAfter: .seconds(3)))
        let told = bench.takeSignals().first { $0.kind == .rateLimited($0.rateLimited) }?.rateLimited
        #expect(told?.limitKey == "k")
        #expect(told?.pauseMilliseconds == 3000)
        bench.wait(.milliseconds(2900))
        #expect(bench.takeCalls().isEmpty)
        bench.wait(.milliseconds(200))
        let again = bench.takeCalls()
        #expect(again.map(\.task.record) == [1])
        bench.end(again[0].cell, .text("x"))
        let results = try WireResults(decoding: try #require(bench.takeOrders().first).body)
        #expect(results.dispatches[0].cells.map(\.calls) == [2])
    }

    @Test func `another worker's refusal pauses this one`() {
        let bench = WorkerBench()
        let limited = filled(WireRateLimited()) {
            $0.limitKey = "k"
            $0.pauseMilliseconds = 1000
        }
        bench.machine.heard(filled(WireSignal()) { $0.rateLimited = limited }, at: bench.now)
        bench.deliver(1)
        #expect(bench.takeCalls().isEmpty)
        bench.wait(.milliseconds(1001))
        #expect(bench.takeCalls().count == 1)
    }

    @Test func `a long pause stops the consumer`() {
        let bench = WorkerBench()
        bench.deliver(1)
        bench.wait(.seconds(1))
        _ = bench.takePrefetches()
        bench.endCalls(.failure(.rateLimited, retryAfter: .seconds(60)))
        #expect(bench.takePrefetches() == [0])
        bench.wait(.seconds(52))
        #expect(bench.takePrefetches().last ?? 0 > 0)
    }

    @Test func `a connection that fails is tried 3 times more, then the cell goes back and the route rests`() throws {
        let bench = WorkerBench()
        bench.deliver(1)
        bench.wait(.seconds(1))
        _ = bench.takePrefetches()
        for _ in 0..<3 {
            bench.endCalls(.failure(.connection))
            #expect(try bench.takeSalvaged().isEmpty)
            #expect(bench.takeCalls().isEmpty)
            bench.wait(.milliseconds(1500))
        }
        bench.endCalls(.failure(.connection))
        #expect(bench.takePrefetches() == [0])
        bench.wait(.milliseconds(20))
        let cells = try bench.takeSalvaged()
        #expect(cells.map(\.returned.reason) == ["endpoint"])
        #expect(cells.map(\.returned.message) == ["connection: m"])
    }

    @Test func `quick tries that wait when the breaker opens are not made`() throws {
        let bench = WorkerBench(cap: 8)
        for sequence in 1...6 { bench.deliver(Int64(sequence), sequence: Int64(sequence)) }
        bench.endCalls(.failure(.connection))
        bench.wait(.milliseconds(20))
        #expect(try bench.takeSalvaged().count == 6)
        bench.wait(.milliseconds(1500))
        #expect(bench.takeCalls().isEmpty)
    }

    @Test(arguments: [FailureKind.authentication, .notFound, .tls, .quota])
    func `what waiting does not mend is not tried again`(kind: FailureKind) throws {
        let bench = WorkerBench()
        bench.deliver(1)
        bench.endCalls(.failure(kind))
        #expect(try bench.takeSalvaged().map(\.returned.reason) == ["endpoint"])
        #expect(bench.machine.breakers.values.contains { $0.isOpen })
    }

    @Test func `one probe at a time, ever more rarely, until one succeeds`() throws {
        let bench = WorkerBench()
        bench.deliver(1)
        bench.endCalls(.failure(.authentication))
        bench.settle()
        for (turn, wait) in [2, 4, 8, 16].enumerated() {
            _ = bench.takePrefetches()
            bench.wait(.seconds(wait) - .milliseconds(200))
            #expect(bench.takePrefetches().isEmpty)
            bench.wait(.milliseconds(300))
            #expect(bench.takePrefetches() == [1])
            bench.deliver(Int64(turn), Int64(turn) + 100, sequence: Int64(turn) + 2)
            let calls = bench.takeCalls()
            #expect(calls.count == 1)
            bench.end(calls[0].cell, .failure(.authentication))
            bench.settle()
        }
        bench.wait(.seconds(31))
        bench.deliver(50, 51, sequence: 50)
        let probe = bench.takeCalls()
        #expect(probe.count == 1)
        bench.end(probe[0].cell, .text("x"))
        #expect(bench.takeCalls().count == 1)
        #expect(!bench.machine.breakers.values.contains { !$0.isClosed })
        bench.settle()
        bench.wait(.seconds(1))
        #expect(bench.takePrefetches().last ?? 0 > 1)
    }

    @Test(arguments: [FailureKind.connection, .authentication])
    func `five minutes without an endpoint cost 20 calls at most beyond those in flight`(kind: FailureKind) throws {
        let bench = WorkerBench(cap: 16)
        // What it has in flight when it begins.
        for record in 1...16 { bench.deliver(Int64(record), sequence: Int64(record)) }
        #expect(bench.actions.count { if case .call = $0 { true } else { false } } == 16)
        var calls = 0
        var sequence: Int64 = 16
        let end = bench.now + .seconds(300)
        while bench.now < end {
            let made = bench.takeCalls()
            calls += made.count
            for call in made { bench.end(call.cell, .failure(kind)) }
            bench.settle()
            // Whatever it listens for is there.
            for _ in 0..<(bench.takePrefetches().last ?? 0) {
                sequence += 1
                bench.deliver(sequence, sequence: sequence)
            }
            bench.wait(.milliseconds(500))
        }
        #expect((16 + 5...16 + 20).contains(calls), "\(calls)")
        #expect(bench.machine.breakers.values.contains { !$0.isClosed })
    }

    @Test func `a model that is not there does not close the endpoint's other routes`() {
        let bench = WorkerBench()
        let other = Route(provider: "p", model: "other")
        bench.machine.learn(other, endpoint: "e", limitKey: "k2", operatorCap: nil, workflowCap: 4, at: bench.now)
        bench.deliver(1)
        bench.endCalls(.failure(.notFound))
        #expect(bench.machine.breakers[.route(WorkerBench.route)]?.isOpen == true)
        #expect(bench.machine.breakers[.endpoint("e")]?.isOpen != true)
        bench.deliver(2, sequence: 2)
        #expect(bench.takeCalls().isEmpty)
    }

    @Test func `a call from before the breaker opened closes it when it is answered`() {
        let bench = WorkerBench()
        bench.deliver(1, 2)
        let calls = bench.takeCalls()
        bench.end(calls[0].cell, .failure(.authentication))
        #expect(bench.machine.breakers.values.contains { $0.isOpen })
        bench.end(calls[1].cell, .failure(.badRequest))
        #expect(bench.machine.breakers.isEmpty)
    }

    @Test func `single failures between successes open nothing`() throws {
        let bench = WorkerBench()
        for sequence in 1...20 {
            bench.deliver(Int64(sequence), sequence: Int64(sequence))
            bench.endCalls(.failure(.unavailable))
            bench.wait(.seconds(2))
            bench.endCalls(.text("x"))
            bench.settle()
        }
        #expect(!bench.machine.breakers.values.contains { !$0.isClosed })
        #expect(try bench.takeSalvaged().isEmpty)
    }

    @Test func `an absurd Retry-After is told once`() {
        let bench = WorkerBench(cap: 3)
        bench.deliver(1, 2, 3)
        bench.endCalls(.failure(.rateLimited, retryAfter: .seconds(600)))
        let told = bench.actions.filter { if case .note(.longWait) = $0 { true } else { false } }
        #expect(told.count == 1)
    }
}
