import AMQP
import Messages
import Testing

@testable import Delivering

/// What a worker does when the broker does not take its results.
struct BrokerTests {
    @Test func `when nothing takes a result it is kept, nothing new is taken, and it is published again`() throws {
        let bench = WorkerBench()
        let tag = bench.deliver(1)
        bench.wait(.seconds(1))
        _ = bench.takePrefetches()
        bench.endCalls(.text("x"))
        bench.publishEnds(.returned(code: 312, text: "NO_ROUTE"))
        #expect(bench.takePrefetches() == [0])
        bench.deliver(2, sequence: 2)
        #expect(bench.takeCalls().isEmpty)

        bench.wait(.milliseconds(150))
        bench.publishEnds(.returned(code: 312, text: "NO_ROUTE"))
        bench.wait(.milliseconds(150))
        #expect(bench.takeOrders().isEmpty)
        bench.wait(.milliseconds(150))
        let again = try WireResults(decoding: try #require(bench.takeOrders().first).body)
        #expect(again.dispatches.flatMap(\.cells).map(\.value.text) == ["x"])
        #expect(bench.takeAcknowledged().isEmpty)

        bench.wait(.seconds(10))
        #expect(bench.machine.outbox.isUnroutable)
        bench.machine.published(OutboxBatch.ID(serial: 3), .confirmed, at: bench.now)
        bench.run()
        #expect(bench.takeAcknowledged() == [tag])
        #expect(bench.takePrefetches().last ?? 0 > 0)
        #expect(bench.takeCalls().map(\.task.record) == [2])
    }

    @Test func `a refused result is published again after a pause`() {
        let bench = WorkerBench()
        bench.deliver(1)
        bench.endCalls(.text("x"))
        bench.publishEnds(.refused)
        bench.wait(.milliseconds(90))
        #expect(bench.takeOrders().isEmpty)
        bench.wait(.milliseconds(20))
        #expect(bench.takeOrders().count == 1)
    }

    @Test func `a broker that was blocked for 5 seconds stops the consumer and new calls, finished ones are kept`() {
        let bench = WorkerBench(cap: 1)
        bench.deliver(1, 2)
        let call = bench.takeCalls()[0]
        bench.machine.gate.block(true, at: bench.now)
        bench.wait(.milliseconds(4800))
        #expect(bench.takePrefetches().last ?? 0 > 0)
        bench.wait(.milliseconds(400))
        #expect(bench.takePrefetches() == [0])
        bench.end(call.cell, .text("x"))
        #expect(bench.takeCalls().isEmpty)
        bench.machine.gate.block(false, at: bench.now)
        bench.wait(.milliseconds(300))
        let next = bench.takeCalls()
        #expect(next.map(\.task.record) == [2])
        bench.end(next[0].cell, .text("y"))
        bench.settle()
        bench.wait(.seconds(1))
        #expect(bench.takePrefetches().last ?? 0 > 0)
    }

    @Test func `too many unconfirmed bytes stop new calls until half of them are confirmed`() throws {
        let bench = WorkerBench(cap: 100)
        let large = String(repeating: "x", count: 4 << 20)
        for sequence in 1...9 { bench.deliver(Int64(sequence), sequence: Int64(sequence)) }
        bench.endCalls(.text(large))
        bench.wait(.milliseconds(200))
        bench.deliver(10, sequence: 10)
        #expect(bench.takeCalls().isEmpty)
        let orders = bench.takeOrders()
        #expect(orders.count == 9)
        for order in orders.prefix(4) { bench.machine.published(order.id, .confirmed, at: bench.now) }
        bench.wait(.milliseconds(200))
        #expect(bench.takeCalls().isEmpty)
        for order in orders.dropFirst(4) { bench.machine.published(order.id, .confirmed, at: bench.now) }
        bench.wait(.milliseconds(200))
        #expect(bench.takeCalls().count == 1)
    }

    @Test func `without a connection results wait, and go out when it is back`() {
        let bench = WorkerBench()
        bench.machine.outbox.connectionChanged(isConnected: false)
        bench.deliver(1)
        bench.endCalls(.text("x"))
        bench.wait(.seconds(3))
        #expect(bench.takeOrders().isEmpty)
        bench.machine.outbox.connectionChanged(isConnected: true)
        bench.run()
        #expect(bench.takeOrders().count == 1)
    }
}
