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

    private static let other = Route(provider: "p", model: "other")

    /// Sixteen cells are alone and one more waits for that, of a job that is stopped later; then one of another route.
    private static func crowd() throws -> (bench: WorkerBench, alone: [CellCall]) {
        let bench = WorkerBench(cap: 40)
        bench.machine.learn(other, endpoint: "e2", limitKey: "k2", operatorCap: nil, workflowCap: 40, at: bench.now)
        for record in 0..<17 { bench.deliver(Int64(record), job: "a", sequence: Int64(record), alone: true) }
        bench.deliver(100, job: "b", sequence: 100, alone: true, from: other)
        let alone = bench.takeCalls()
        try #require(alone.count == 16)
        return (bench, alone)
    }

    @Test func `when the cell whose turn it is to be alone is handed back, the next one has it`() throws {
        let (bench, alone) = try Self.crowd()
        // In one turn of the loop.
        bench.machine.callEnded(alone[0].cell, .text("v"), at: bench.now)
        bench.machine.stopped("a", at: bench.now)
        bench.run()
        #expect(bench.takeCalls().map(\.task.record) == [100])
    }

    @Test func `when the cell whose turn it is to be alone may not start, one of another route may`() throws {
        let (bench, alone) = try Self.crowd()
        bench.machine.callEnded(alone[0].cell, .failure(.rateLimited, retryAfter: .seconds(5)), at: bench.now)
        bench.run()
        #expect(bench.takeCalls().map(\.task.record) == [100])
    }

    @Test(arguments: [
        CallResult.text("v"), .failure(.schema), .failure(.rateLimited), .cancelled, .childDied("ended by signal 9"),
        .noChild("no memory"), .notSent(CallFailure(kind: .template, message: "m")),
    ])
    func `however a cell that is alone ends, the next one starts`(_ end: CallResult) throws {
        let (bench, alone) = try Self.crowd()
        bench.end(alone[0].cell, end)
        // Of the same route, or, where that has to wait, of the other.
        #expect(bench.takeCalls().map(\.place) == [.aloneInChild])
        #expect(bench.machine.childRoom.alone == 16)
    }

    @Test func `a cell that is alone and was lost with its consumer still has its child until its call ends`() throws {
        let (bench, alone) = try Self.crowd()
        bench.machine.consumerLost(WorkerBench.route, at: bench.now)
        bench.run()
        #expect(bench.takeCalls().isEmpty)
        bench.end(alone[0].cell, .cancelled)
        #expect(bench.takeCalls().map(\.task.record) == [100])
    }

    @Test func `no more than 256 suspected cells share a child, the next ones have their turn, others do not wait`() {
        let bench = WorkerBench(cap: 1000)
        for record in 0..<300 { bench.deliver(Int64(record), sequence: Int64(record), count: 2) }
        bench.deliver(1000, sequence: 1000)
        let calls = bench.takeCalls()
        #expect(calls.filter { $0.place == .child }.map(\.task.record) == (0..<256).map { Int64($0) })
        #expect(calls.filter { $0.place == .worker }.map(\.task.record) == [1000])
        // Those that wait have no permit.
        #expect(bench.machine.limits["k"]?.controller.inFlight == 257)
        bench.end(calls[7].cell, .text("v"))
        bench.end(calls[9].cell, .childDied("ended by signal 9"))
        #expect(bench.takeCalls().map(\.task.record) == [256, 257])
        // What has a child for itself is not counted with them.
        bench.deliver(2000, sequence: 2000, alone: true)
        #expect(bench.takeCalls().map(\.task.record) == [2000])
    }

    @Test func `a suspected cell that waited 30 seconds for room is handed back, with its suspicion`() throws {
        let bench = WorkerBench(cap: 1000)
        for record in 0..<257 { bench.deliver(Int64(record), sequence: Int64(record), count: 2) }
        bench.wait(.seconds(31))
        let salvaged = try bench.takeSalvaged()
        #expect(salvaged.map(\.record) == [256])
        #expect(salvaged.map(\.returned.reason) == ["waited"] && salvaged.map(\.returned.requeues) == [2])
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
