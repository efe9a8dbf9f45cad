import AMQP
import Inference
import Messages
import Testing

@testable import Delivering

struct AnsweringTests {
    @Test func `a value is published, and its task acknowledged once that is confirmed`() throws {
        let bench = WorkerBench()
        let tag = bench.deliver(5, sequence: 3, partition: 2)
        bench.endCalls(.text("hello"))
        let orders = bench.takeOrders()
        #expect(orders.map(\.lane) == [OutboxLane(kind: .results, partition: 2)])
        let results = try WireResults(decoding: try #require(orders.first).body)
        #expect(results.worker == "w")
        let dispatch = try #require(results.dispatches.first)
        #expect(dispatch.job == "j")
        #expect(dispatch.generation == 1)
        #expect(dispatch.sequence == 3)
        #expect(dispatch.cells.map(\.value.text) == ["hello"])
        #expect(dispatch.cells.map(\.record) == [5])
        #expect(dispatch.cells.map(\.attempt) == [1])
        #expect(dispatch.cells.map(\.calls) == [1])
        #expect(bench.takeAcknowledged().isEmpty)

        bench.machine.published(orders[0].id, .confirmed, at: bench.now)
        bench.run()
        #expect(bench.takeAcknowledged() == [tag])
        #expect(bench.machine.ledger.cells.isEmpty)
    }

    @Test func `a task of several cells is acknowledged when the last outcome is confirmed`() throws {
        let bench = WorkerBench()
        let tag = bench.deliver(1, 2, 3)
        let calls = bench.takeCalls()
        #expect(calls.map(\.task.record) == [1, 2, 3])
        bench.end(calls[0].cell, .text("a"))
        bench.settle()
        bench.end(calls[1].cell, .failure(.timeout))
        bench.settle()
        #expect(bench.takeAcknowledged().isEmpty)
        bench.end(calls[2].cell, .text("c"))
        bench.settle()
        #expect(bench.takeAcknowledged() == [tag])
    }

    @Test func `no more calls run than the limit allows, and the next starts when one ends`() {
        let bench = WorkerBench(cap: 2)
        for sequence in 1...4 { bench.deliver(Int64(sequence), sequence: Int64(sequence)) }
        let first = bench.takeCalls()
        #expect(first.map(\.task.record) == [1, 2])
        bench.end(first[1].cell, .text("x"))
        #expect(bench.takeCalls().map(\.task.record) == [3])
    }

    @Test func `no more calls run than the worker's own bound`() {
        let bench = WorkerBench(rules: filled(WorkerRules()) { $0.concurrency = 1 }, cap: 8)
        bench.deliver(1, 2)
        #expect(bench.takeCalls().count == 1)
    }

    @Test(arguments: [(FailureKind.timeout, true), (.serverError, true), (.badRequest, false), (.contextWindow, false)])
    func `a failure of the call or the request is charged`(kind: FailureKind, isRetryable: Bool) throws {
        let bench = WorkerBench()
        bench.deliver(1)
        bench.endCalls(.failure(kind))
        let cells = try bench.takeSalvaged()
        #expect(cells.map(\.failed.kind) == [kind.rawValue])
        #expect(cells.map(\.failed.retryable) == [isRetryable])
        #expect(cells.map(\.failed.calls) == [1])
        #expect(cells.map(\.attempt) == [1])
    }

    @Test func `messages that cannot be made are a failure without a call, and give the permit back`() throws {
        let bench = WorkerBench(cap: 1)
        bench.deliver(1, 2)
        bench.end(bench.takeCalls()[0].cell, .notSent(CallFailure(kind: .template, message: "m")))
        #expect(try bench.takeSalvaged().map(\.failed.kind) == ["template"])
        #expect(bench.takeCalls().map(\.task.record) == [2])
    }

    @Test func `a body that is no task goes to the dead letters with its reason, and is then acknowledged`() throws {
        let bench = WorkerBench()
        let tag = bench.deliver(body: [1, 2, 3])
        let order = try #require(bench.takeOrders().first)
        #expect(order.lane == .dead)
        #expect(order.body == [1, 2, 3])
        #expect(order.reason?.contains("Task") == true)
        #expect(bench.takeAcknowledged().isEmpty)
        bench.machine.published(order.id, .confirmed, at: bench.now)
        bench.run()
        #expect(bench.takeAcknowledged() == [tag])
    }

    @Test func `a task without cells, or without a proper hash, is a dead letter`() {
        let bench = WorkerBench()
        bench.deliver()
        bench.deliver(body: filled(WireTask()) { $0.cells = [WireTaskCell()] }.encoded())
        #expect(bench.takeOrders().allSatisfy { $0.lane == .dead })
        #expect(bench.machine.ledger.deadLetters.count == 2)
    }

    @Test func `a task that comes a second time is attached to the call that runs`() {
        let bench = WorkerBench()
        let first = bench.deliver(1)
        let second = bench.deliver(1)
        #expect(bench.takeCalls().count == 1)
        for cell in bench.machine.ledger.cells.keys { bench.end(cell, .text("x")) }
        bench.settle()
        #expect(Set(bench.takeAcknowledged()) == [first, second])
    }

    @Test func `a value that was lost on its way is published again, a forgotten one is not`() {
        let bench = WorkerBench()
        bench.deliver(1)
        bench.endCalls(.text("x"))
        bench.publishEnds(.lost)
        bench.wait(.milliseconds(20))
        let again = bench.takeOrders()
        #expect(again.map(\.lane.kind) == [.results])

        bench.deliver(2, sequence: 2)
        bench.endCalls(.failure(.timeout))
        bench.wait(.milliseconds(20))
        bench.machine.consumerLost(WorkerBench.route, at: bench.now)
        bench.publishEnds(.lost)
        bench.wait(.seconds(1))
        #expect(bench.takeOrders().isEmpty)
    }

    @Test func `after a lost connection a kept call serves the delivery that comes again`() {
        let bench = WorkerBench()
        bench.deliver(1, 2)
        let calls = bench.takeCalls()
        bench.end(calls[0].cell, .text("a"))
        bench.settle()
        bench.machine.consumerLost(WorkerBench.route, at: bench.now)
        bench.run()
        let again = bench.deliver(1, 2)
        #expect(bench.takeCalls().isEmpty)
        bench.end(calls[1].cell, .text("b"))
        bench.settle()
        #expect(bench.takeAcknowledged() == [again])
    }

    @Test func `what was answered for a lost delivery is acknowledged at once when it comes again`() {
        let bench = WorkerBench()
        bench.deliver(1)
        let call = bench.takeCalls()[0]
        bench.machine.consumerLost(WorkerBench.route, at: bench.now)
        bench.end(call.cell, .text("a"))
        bench.settle()
        #expect(bench.takeAcknowledged().isEmpty)
        let again = bench.deliver(1)
        #expect(bench.takeAcknowledged() == [again])
        #expect(bench.takeCalls().isEmpty)
    }

    @Test func `what was answered for a lost delivery is forgotten after the longest time of holding`() {
        let bench = WorkerBench()
        bench.deliver(1)
        let call = bench.takeCalls()[0]
        bench.machine.consumerLost(WorkerBench.route, at: bench.now)
        bench.end(call.cell, .text("a"))
        bench.settle()
        bench.wait(.seconds(602))
        bench.deliver(1)
        #expect(bench.takeCalls().count == 1)
    }
}
