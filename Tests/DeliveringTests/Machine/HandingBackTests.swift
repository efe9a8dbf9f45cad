import AMQP
import Inference
import Messages
import Testing
import Throttle

@testable import Delivering

struct HandingBackTests {
    @Test func `a spec is asked for every 2 seconds, and its cells handed back after 30`() throws {
        let bench = WorkerBench(knowsSpec: false)
        let tag = bench.deliver(1)
        #expect(bench.takeCalls().isEmpty)
        #expect(bench.takeQuestions().map { [UInt8]($0.spec) } == [WorkerBench.hash])
        bench.wait(.seconds(5))
        #expect(bench.takeQuestions().count == 2)
        bench.wait(.seconds(27))
        let orders = bench.takeOrders()
        let cells = try orders.flatMap { try WireSalvage(decoding: $0.body).dispatches }.flatMap(\.cells)
        #expect(cells.map(\.returned.reason) == ["spec"])
        bench.machine.published(orders[0].id, .confirmed, at: bench.now)
        bench.run()
        #expect(bench.takeAcknowledged() == [tag])
        _ = bench.takeQuestions()
        bench.wait(.seconds(5))
        #expect(bench.takeQuestions().isEmpty)
    }

    @Test func `cells start when their spec comes`() throws {
        let bench = WorkerBench(knowsSpec: false)
        bench.deliver(1)
        bench.machine.specCame(nil, for: try #require(SpecHash(WorkerBench.hash)))
        bench.run()
        #expect(bench.takeCalls().isEmpty)
        bench.machine.specCame(WorkerBench.spec, for: try #require(SpecHash(WorkerBench.hash)))
        bench.run()
        #expect(bench.takeCalls().count == 1)
    }

    @Test func `a template that cannot be read fails each cell for good`() throws {
        let bench = WorkerBench(knowsSpec: false)
        bench.deliver(1)
        let spec = filled(WorkerBench.spec) { $0.text.prompt = "{% if %}" }
        bench.machine.specCame(spec, for: try #require(SpecHash(WorkerBench.hash)))
        bench.run()
        let cells = try bench.takeSalvaged()
        #expect(cells.map(\.failed.kind) == ["template"])
        #expect(cells.map(\.failed.retryable) == [false])
    }

    @Test func `what has not started after 30 seconds is handed back, what runs is not`() throws {
        let bench = WorkerBench(cap: 1)
        bench.deliver(1, 2)
        bench.wait(.seconds(29))
        #expect(try bench.takeSalvaged().isEmpty)
        bench.wait(.seconds(3))
        let cells = try bench.takeSalvaged()
        #expect(cells.map(\.record) == [2])
        #expect(cells.map(\.returned.reason) == ["waited"])
        #expect(bench.machine.running.count == 1)
    }

    @Test func `a call whose delivery is held too long is taken back`() throws {
        let bench = WorkerBench()
        let tag = bench.deliver(1)
        let call = bench.takeCalls()[0]
        // A first call that began late, with a timeout of as long as a delivery is held, still has its own end.
        bench.wait(.seconds(664))
        #expect(bench.takeCancelled().isEmpty)
        bench.wait(.seconds(3))
        #expect(bench.takeCancelled() == [call.cell])
        let orders = bench.takeOrders()
        bench.machine.published(try #require(orders.first).id, .confirmed, at: bench.now)
        bench.end(call.cell, .cancelled)
        #expect(bench.takeAcknowledged() == [tag])
        #expect(bench.machine.running.isEmpty)
    }

    @Test func `where deliveries are held shortly cells wait shortly`() throws {
        let bench = WorkerBench(rules: filled(WorkerRules()) { $0.holdTime = .seconds(20) }, cap: 1)
        bench.deliver(1, 2)
        bench.wait(.seconds(7))
        #expect(try bench.takeSalvaged().map(\.record) == [2])
        #expect(bench.takeCancelled().isEmpty)
        bench.wait(.seconds(24))
        #expect(try bench.takeSalvaged().map(\.record) == [1])
    }

    @Test func `when the share falls to 0 the consumer is stopped before what waits is handed back`() throws {
        let bench = WorkerBench(cap: 1) { _, cap in DividedCap(worker: "w", cap: cap) }
        bench.hearOwnBeats(for: .seconds(3))
        #expect(bench.takePrefetches().last ?? 0 > 0)
        bench.deliver(1, 2)
        #expect(bench.takeCalls().count == 1)
        // A worker with a lower id takes the only slot.
        bench.machine.heard(bench.beat(of: "a"), at: bench.now)
        bench.run()
        // Not for a moment's sake.
        bench.hearOwnBeats(for: .milliseconds(200))
        #expect(bench.takePrefetches().allSatisfy { $0 > 0 })
        bench.hearOwnBeats(for: .seconds(1))
        let stop = bench.actions.firstIndex { if case .consume(_, prefetch: 0) = $0 { true } else { false } }
        let back = bench.actions.firstIndex { if case .publish = $0 { true } else { false } }
        #expect(try #require(stop) < #require(back))
        #expect(try bench.takeSalvaged().map(\.record) == [2])
    }

    @Test func `the waiting cells of a stopped job go back, and it is asked whether it goes on`() throws {
        let bench = WorkerBench(cap: 1)
        bench.machine.inboxReady(at: bench.now)
        bench.run()
        bench.machine.stateCame(stoppedJobs: [], at: bench.now)
        _ = bench.takeQuestions()
        bench.deliver(1, 2)
        bench.deliver(1, job: "other", sequence: 2)
        bench.machine.stopped("j", at: bench.now)
        bench.run()
        bench.wait(.milliseconds(20))
        var cells = try bench.takeSalvaged()
        #expect(cells.map(\.record) == [2])
        #expect(cells.map(\.returned.reason) == ["stopped"])
        #expect(bench.takeCancelled().isEmpty)

        bench.deliver(3, sequence: 3)
        bench.wait(.seconds(3))
        cells = try bench.takeSalvaged()
        #expect(cells.map(\.record) == [3])
        #expect(bench.takeQuestions().contains { $0.kind == .state(WireStateRequest()) })
        // An answer by what was true before it was stopped.
        bench.machine.stateCame(stoppedJobs: [], at: bench.now)
        bench.deliver(4, sequence: 4)
        bench.wait(.seconds(3))
        #expect(try bench.takeSalvaged().map(\.record) == [4])
        #expect(bench.takeQuestions().contains { $0.kind == .state(WireStateRequest()) })
        bench.machine.stateCame(stoppedJobs: [], at: bench.now)
        bench.deliver(5, sequence: 5)
        bench.wait(.milliseconds(20))
        #expect(try bench.takeSalvaged().isEmpty)
    }

    @Test func `a drain hands back what waits, lets what runs end, and then says goodbye`() throws {
        let bench = WorkerBench(cap: 1)
        bench.deliver(1, 2)
        let call = bench.takeCalls()[0]
        bench.wait(.seconds(1))
        _ = bench.takePrefetches()
        bench.machine.drain(at: bench.now)
        bench.run()
        #expect(bench.takePrefetches() == [0])
        bench.wait(.milliseconds(20))
        let returned = bench.takeOrders()
        let cells = try returned.flatMap { try WireSalvage(decoding: $0.body).dispatches }.flatMap(\.cells)
        #expect(cells.map(\.returned.reason) == ["drain"])
        bench.machine.published(returned[0].id, .confirmed, at: bench.now)

        // What still arrives goes back too.
        bench.deliver(9, sequence: 9)
        bench.wait(.milliseconds(20))
        #expect(bench.takeCalls().isEmpty)
        bench.publishEnds(.confirmed)
        #expect(!bench.isFinished)

        bench.end(call.cell, .text("x"))
        bench.settle()
        #expect(bench.takeAcknowledged().count == 2)
        #expect(bench.isFinished)
        #expect(bench.takeBeats().last?.leaving == true)
    }

    @Test func `a call that is refused a slot during a drain goes back`() throws {
        let bench = WorkerBench()
        bench.deliver(1)
        let call = bench.takeCalls()[0]
        bench.machine.drain(at: bench.now)
        bench.end(call.cell, .failure(.rateLimited))
        #expect(try bench.takeSalvaged().map(\.returned.reason) == ["drain"])
    }

    @Test func `when the drain takes too long everything goes back, and in the end the worker leaves anyway`() throws {
        let bench = WorkerBench()
        bench.deliver(1)
        let call = bench.takeCalls()[0]
        bench.machine.drain(at: bench.now)
        bench.wait(.seconds(24))
        #expect(bench.takeCancelled().isEmpty)
        bench.wait(.seconds(2))
        #expect(bench.takeCancelled() == [call.cell])
        #expect(try bench.takeSalvaged().map(\.returned.reason) == ["drain"])
        #expect(!bench.isFinished)
        bench.wait(.seconds(6))
        #expect(bench.isFinished)
        #expect(bench.takeAcknowledged().isEmpty)
    }

    @Test func `a kept call whose delivery was lost is not handed back: its task is in the queue already`() throws {
        let bench = WorkerBench()
        bench.deliver(1)
        let call = bench.takeCalls()[0]
        bench.machine.consumerLost(WorkerBench.route, at: bench.now)
        bench.machine.returnEverything(at: bench.now)
        bench.run()
        #expect(bench.takeCancelled() == [call.cell])
        bench.end(call.cell, .cancelled)
        bench.wait(.seconds(1))
        #expect(bench.takeOrders().isEmpty)
        #expect(bench.isFinished)
    }

    @Test func `a second signal returns everything at once`() throws {
        let bench = WorkerBench(cap: 1)
        bench.deliver(1, 2)
        let call = bench.takeCalls()[0]
        bench.machine.drain(at: bench.now)
        bench.machine.returnEverything(at: bench.now)
        bench.run()
        #expect(bench.takeCancelled() == [call.cell])
        bench.end(call.cell, .cancelled)
        bench.settle()
        #expect(bench.takeAcknowledged().count == 1)
        #expect(bench.isFinished)
    }
}

extension WorkerBench {
    /// Time passes while the worker's own beats come back to it.
    func hearOwnBeats(for duration: Duration) {
        let end = now + duration
        while now < end {
            wait(.milliseconds(10))
            for signal in takeSignals() { machine.heard(signal, at: now) }
            run()
        }
    }

    func beat(of worker: String, inFlight: UInt32 = 0) -> WireSignal {
        let route = filled(WireRouteBeat()) {
            $0.limitKey = "k"
            $0.inFlight = inFlight
        }
        return filled(WireSignal()) {
            $0.beat = filled(WireBeat()) {
                $0.worker = worker
                $0.number = 1
                $0.routes = [route]
            }
        }
    }
}
