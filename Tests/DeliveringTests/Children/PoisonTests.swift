import AMQP
import Inference
import Messages
import Testing
import Throttle

@testable import Delivering

/// Cells that may end the process that calls for them.
struct PoisonTests {
    @Test func `what came back to its queue twice is called for in a child process`() {
        let bench = WorkerBench(cap: 8)
        bench.deliver(1)
        bench.deliver(2, sequence: 2, count: 1)
        bench.deliver(3, sequence: 3, count: 2)
        bench.deliver(4, sequence: 4, alone: true)
        #expect(bench.takeCalls().map(\.place) == [.worker, .worker, .child, .aloneInChild])
    }

    @Test func `without a program for children all are called for here`() {
        let bench = WorkerBench(rules: filled(WorkerRules()) { $0.hasChildren = false }, cap: 8)
        bench.deliver(1, count: 9)
        bench.deliver(2, sequence: 2, alone: true)
        #expect(bench.takeCalls().map(\.place) == [.worker, .worker])
    }

    @Test func `a child's death is published and confirmed before its task is acknowledged`() throws {
        let bench = WorkerBench()
        let tag = bench.deliver(1, count: 2)
        bench.endCalls(.childDied("ended by signal 9"))
        bench.wait(.milliseconds(20))
        #expect(bench.takeAcknowledged().isEmpty)
        let orders = bench.takeOrders()
        let cells = try orders.flatMap { try WireSalvage(decoding: $0.body).dispatches }.flatMap(\.cells)
        #expect(cells.map(\.childDeath.message) == ["ended by signal 9"])
        for order in orders { bench.machine.published(order.id, .confirmed, at: bench.now) }
        bench.run()
        #expect(bench.takeAcknowledged() == [tag])
        #expect(bench.machine.limits["k"]?.controller.inFlight == 0)
    }

    @Test func `a death is forgotten when its delivery is gone`() throws {
        let bench = WorkerBench()
        bench.deliver(1, count: 2)
        bench.machine.consumerLost(WorkerBench.route, at: bench.now)
        bench.endCalls(.childDied("ended by signal 9"))
        bench.wait(.milliseconds(20))
        #expect(try bench.takeSalvaged().isEmpty)
        #expect(bench.machine.ledger.cells.isEmpty)
    }

    @Test func `no child to be had hands the cell back, uncharged`() throws {
        let bench = WorkerBench()
        bench.deliver(1, count: 2)
        bench.endCalls(.noChild("no memory"))
        bench.wait(.milliseconds(20))
        #expect(try bench.takeSalvaged().map(\.returned.reason) == ["child"])
    }

    @Test func `no more than 16 cells are alone at once, and others do not wait for them`() throws {
        let bench = WorkerBench(cap: 40)
        for record in 0..<20 { bench.deliver(Int64(record), sequence: Int64(record), alone: true) }
        bench.deliver(100, sequence: 100)
        let calls = bench.takeCalls()
        #expect(calls.filter { $0.place == .aloneInChild }.count == 16)
        #expect(calls.filter { $0.place == .worker }.count == 1)
        bench.end(calls[0].cell, .text("v"))
        #expect(bench.takeCalls().map(\.place) == [.aloneInChild])
    }

    @Test func `a hand-back says what was used, and keeps the conversation that a child began`() throws {
        let bench = WorkerBench()
        bench.deliver(1, count: 2)
        let said = filled(WireConversation()) { $0.corrections = 1 }
        bench.endCalls(.keptAgain(said, CallFigures(inputTokens: 3, outputTokens: 5)))
        let second = bench.takeCalls()
        #expect(second.map(\.task.conversation) == [said])
        bench.machine.stopped("j", abort: true, at: bench.now)
        bench.run()
        bench.wait(.milliseconds(20))
        let returned = try #require(try bench.takeSalvaged().first?.returned)
        #expect(returned.conversation == said)
        #expect(returned.calls == 2 && returned.inputTokens == 3 && returned.outputTokens == 5)
    }

    @Test func `what came back to its queue before it was handed back is not forgotten`() throws {
        let bench = WorkerBench()
        bench.deliver(1, count: 1)
        bench.machine.stopped("j", abort: true, at: bench.now)
        bench.run()
        bench.wait(.milliseconds(20))
        #expect(try bench.takeSalvaged().map(\.returned.requeues) == [1])
        bench.machine.resumed("j")
        _ = bench.takeCalls()
        bench.deliver(1, sequence: 2, count: 1, requeues: 1)
        #expect(bench.takeCalls().map(\.place) == [.child])
    }

    @Test func `what calls in children used counts for the value`() throws {
        let bench = WorkerBench()
        bench.deliver(1, count: 2)
        let said = filled(WireConversation()) { $0.corrections = 1 }
        bench.endCalls(.keptAgain(said, CallFigures(inputTokens: 3, outputTokens: 5)))
        let value = filled(WireResultCell()) {
            $0.value = filled(WireValue()) { $0.text = "v" }
            $0.inputTokens = 10
            $0.outputTokens = 20
        }
        bench.endCalls(.value(value))
        bench.wait(.milliseconds(20))
        let cells = try bench.takeOrders().flatMap { try WireResults(decoding: $0.body).dispatches }.flatMap(\.cells)
        #expect(cells.map(\.inputTokens) == [13] && cells.map(\.outputTokens) == [25])
    }
}
