import Inference
import Messages
import Testing

@testable import Delivering

struct BatchTests {
    private static var spec: WireColumnSpec {
        filled(WireColumnSpec()) {
            $0.version = 1
            $0.name = "v"
            $0.inputs = ["code"]
            $0.lint = filled(WireLintSpec()) { $0.codeLanguage = "python" }
            $0.batchSize = 3
        }
    }

    /// A bench whose column is made three cells at a time.
    private static func bench(cap: Int = 1, rules: WorkerRules = WorkerRules()) throws -> WorkerBench {
        let bench = WorkerBench(rules: rules, cap: cap, knowsSpec: false)
        bench.machine.specCame(spec, for: try #require(SpecHash(WorkerBench.hash)))
        return bench
    }

    private static func end(_ bench: WorkerBench, _ batch: BatchCall, _ result: CallResult) {
        bench.machine.batchEnded(batch.cells.map { (id: $0.id, result: result) }, at: bench.now)
        bench.run()
    }

    @Test func `what waits when there is a permit goes together, up to the batch's size`() throws {
        let bench = try Self.bench()
        bench.deliver(1, sequence: 1)
        // Nothing else was there: it goes at once.
        let first = try #require(bench.takeBatches().first)
        #expect(first.cells.map(\.task.record) == [1])
        for record in 2...6 { bench.deliver(Int64(record), sequence: Int64(record)) }
        #expect(bench.takeBatches().isEmpty, "there is one permit")
        Self.end(bench, first, .text("a"))
        let second = try #require(bench.takeBatches().first)
        #expect(second.cells.map(\.task.record) == [2, 3, 4])
        Self.end(bench, second, .text("b"))
        #expect(bench.takeBatches().map { $0.cells.map(\.task.record) } == [[5, 6]])
    }

    @Test func `a batch is one call of the limit, of the worker and of the usage`() throws {
        let bench = try Self.bench(cap: 2, rules: filled(WorkerRules()) { $0.concurrency = 2 })
        bench.deliver(1, 2, 3, 4, 5, 6, 7)
        let batches = bench.takeBatches()
        #expect(batches.map(\.cells.count) == [3, 3])
        #expect(bench.machine.routes[WorkerBench.route]?.inFlight == 2)
        Self.end(bench, batches[0], .text("x"))
        #expect(bench.takeBatches().map(\.cells.count) == [1])
        bench.wait(.milliseconds(20))
        let results = try bench.takeOrders().map { try WireResults(decoding: $0.body) }
        #expect(results.flatMap(\.dispatches).flatMap(\.cells).map(\.calls) == [1, 0, 0])
    }

    @Test func `each cell has its own end, and its task waits for all of its cells`() throws {
        let bench = try Self.bench()
        let tag = bench.deliver(1, 2, 3)
        let batch = try #require(bench.takeBatches().first)
        let ids = batch.cells.map(\.id)
        bench.machine.batchEnded(
            [(ids[0], .text("a")), (ids[1], .failure(.unprocessable)), (ids[2], .text("c"))], at: bench.now)
        bench.run()
        bench.settle()
        #expect(bench.takeAcknowledged() == [tag])
    }

    @Test func `a cell that failed before goes alone`() throws {
        let bench = try Self.bench()
        bench.deliver(1, sequence: 1)
        let first = try #require(bench.takeBatches().first)
        bench.deliver(2, sequence: 2, attempt: 2)
        bench.deliver(3, 4, sequence: 3)
        bench.deliver(5, sequence: 5, attempt: 3)
        Self.end(bench, first, .text("a"))
        var seen: [[Int64]] = []
        while let batch = bench.takeBatches().first {
            seen.append(batch.cells.map(\.task.record))
            Self.end(bench, batch, .text("x"))
        }
        #expect(seen == [[2], [3, 4], [5]])
    }

    @Test func `what may have ended a worker goes to a child process, one by one, and the rest in batches`() throws {
        let bench = try Self.bench(cap: 8)
        bench.machine.gate.look(unconfirmedBytes: .max, at: bench.now)
        bench.deliver(1, 2, sequence: 1)
        bench.deliver(3, 4, sequence: 2, count: 2)
        bench.deliver(5, sequence: 3, alone: true)
        bench.deliver(6, sequence: 4, count: 1)
        bench.machine.gate.look(unconfirmedBytes: 0, at: bench.now)
        bench.run()
        #expect(bench.takeBatches().map { $0.cells.map(\.task.record) } == [[1, 2, 6]])
        let calls = bench.takeCalls()
        #expect(calls.map(\.task.record) == [3, 4, 5])
        #expect(calls.map(\.place) == [.child, .child, .aloneInChild])
    }

    @Test func `a child that dies with a cell of a batch column costs that cell alone`() throws {
        let bench = try Self.bench(cap: 8)
        bench.deliver(3, 4, count: 2)
        let calls = bench.takeCalls()
        try #require(calls.count == 2)
        bench.end(calls[0].cell, .childDied("ended by signal 9"))
        bench.end(calls[1].cell, .text("v"))
        bench.wait(.milliseconds(20))
        let orders = bench.takeOrders()
        let dead = try orders.filter { $0.lane.kind == .salvage }
            .flatMap { try WireSalvage(decoding: $0.body).dispatches }.flatMap(\.cells)
        let made = try orders.filter { $0.lane.kind == .results }
            .flatMap { try WireResults(decoding: $0.body).dispatches }.flatMap(\.cells)
        #expect(dead.map(\.record) == [3] && dead.map(\.childDeath.message) == ["ended by signal 9"])
        #expect(made.map(\.record) == [4])
    }

    @Test func `a call in a child that is worth another is made again after its pause, in a child`() throws {
        let bench = try Self.bench(cap: 8)
        bench.deliver(3, count: 2)
        let failure = CallFailure(kind: .serverError, message: "m")
        bench.endCalls(.later(failure, after: .seconds(2)))
        bench.wait(.milliseconds(900))
        #expect(bench.takeCalls().isEmpty)
        bench.wait(.seconds(3))
        let again = bench.takeCalls()
        #expect(again.map(\.place) == [.child] && again.map(\.retries) == [1])
    }

    @Test func `without a program for children a suspected cell goes alone, here`() throws {
        let bench = try Self.bench(cap: 8, rules: filled(WorkerRules()) { $0.hasChildren = false })
        bench.deliver(1, 2, count: 2)
        #expect(bench.takeBatches().map { $0.cells.map(\.task.record) } == [[1], [2]])
    }

    @Test func `a batch that failed is charged to each of its cells once`() throws {
        let bench = try Self.bench()
        bench.deliver(1, 2)
        Self.end(bench, try #require(bench.takeBatches().first), .failure(.timeout))
        bench.wait(.milliseconds(20))
        let salvaged = try bench.takeSalvaged()
        #expect(salvaged.map(\.record) == [1, 2])
        #expect(salvaged.map(\.failed.kind) == ["timeout", "timeout"])
        #expect(salvaged.map(\.failed.calls) == [1, 0])
    }

    @Test func `a call that is worth another is made again after its pause, with the retries counted`() throws {
        let bench = try Self.bench()
        bench.deliver(1, 2)
        let failure = CallFailure(kind: .serverError, message: "m")
        let first = try #require(bench.takeBatches().first)
        #expect(first.retries == 0)
        Self.end(bench, first, .later(failure, after: .seconds(2)))
        bench.wait(.milliseconds(900))
        #expect(bench.takeBatches().isEmpty)
        bench.wait(.seconds(3))
        let again = bench.takeBatches()
        #expect(again.map { $0.cells.map(\.task.record).sorted() } == [[1, 2]], "together, as before")
        #expect(again.first?.retries == 1)
    }

    @Test func `a cell that is handed back says how often its call was made again, and goes on from there`() throws {
        let bench = try Self.bench()
        bench.deliver(1)
        let failure = CallFailure(kind: .serverError, message: "m")
        for _ in 0..<2 {
            Self.end(bench, try #require(bench.takeBatches().first), .later(failure, after: .seconds(2)))
            bench.wait(.seconds(4))
        }
        // The endpoint went away in the meantime.
        Self.end(bench, try #require(bench.takeBatches().first), .failure(.notFound))
        bench.wait(.milliseconds(20))
        let salvaged = try bench.takeSalvaged()
        #expect(salvaged.map(\.returned.conversation.retries) == [2])

        // At another worker, together with one that was never called.
        let other = try Self.bench()
        let kept = try #require(salvaged.first).returned.conversation
        other.deliver(1, 2, conversation: kept)
        other.deliver(3, sequence: 3)
        let batch = try #require(other.takeBatches().first)
        #expect(batch.retries == 2 && batch.cells.map(\.task.record) == [1, 2])
        // Nothing new was used up: what it brought goes back with it.
        other.machine.drain(at: other.now)
        Self.end(other, batch, .failure(.notFound))
        other.wait(.milliseconds(20))
        let again = try other.takeSalvaged()
        #expect(again.filter { $0.record < 3 }.map(\.returned.conversation.retries) == [2, 2])
        #expect(again.first { $0.record == 3 }?.returned.hasConversation == false)
    }

    @Test func `a call whose pauses outlast the holding is charged in the end`() throws {
        let rules = filled(WorkerRules()) { $0.holdTime = .seconds(20) }
        let failure = CallFailure(kind: .serverError, message: "m")
        var kept: WireConversation?
        var calls = 0
        // As an endpoint that fails each time: made again three times with pauses of 30 s, then charged.
        while calls < 10 {
            let bench = try Self.bench(rules: rules)
            bench.deliver(1, conversation: kept)
            let batch = try #require(bench.takeBatches().first)
            calls += 1
            Self.end(bench, batch, batch.retries < 3 ? .later(failure, after: .seconds(30)) : .failure(.serverError))
            bench.wait(.seconds(25))
            let back = try #require(try bench.takeSalvaged().first)
            if case .failed = back.outcome { break }
            kept = back.returned.conversation
        }
        #expect(calls == 4)
    }

    @Test func `an endpoint's failure hands the whole batch back when its quick tries are over`() throws {
        let bench = try Self.bench()
        bench.deliver(1, 2)
        Self.end(bench, try #require(bench.takeBatches().first), .failure(.notFound))
        bench.wait(.milliseconds(20))
        #expect(try bench.takeSalvaged().map(\.returned.reason) == ["endpoint", "endpoint"])
    }

    @Test func `a job that is aborted takes its cells back one by one`() throws {
        let bench = try Self.bench()
        bench.deliver(1, 2, job: "a")
        let batch = try #require(bench.takeBatches().first)
        bench.machine.stopped("a", abort: true, at: bench.now)
        bench.run()
        #expect(bench.takeCancelled() == batch.cells.map(\.id))
        Self.end(bench, batch, .cancelled)
        bench.settle()
        #expect(bench.machine.ledger.cells.isEmpty && bench.machine.running.isEmpty)
        #expect(bench.machine.callsUnderWay == 0)
    }

    @Test func `more is held where calls take several cells`() throws {
        let bench = try Self.bench(cap: 4)
        #expect(bench.takePrefetches().isEmpty == false)
        bench.deliver(1)
        bench.wait(.milliseconds(200))
        #expect(bench.machine.routes[WorkerBench.route]?.batchSize == 3)
        // 4 calls of 3 cells, and a few to spare.
        let wanted = try #require(
            bench.machine.routes[WorkerBench.route].map { bench.machine.deliveriesWanted($0, bench.now) })
        #expect(wanted > 12)
    }

    @Test func `beats say which tools there are, and the routes are asked for anew`() throws {
        let bench = try Self.bench()
        bench.machine.inboxReady(at: bench.now)
        bench.run()
        _ = bench.takeQuestions()
        bench.machine.stateCame(stoppedJobs: [], at: bench.now)
        bench.machine.hasTools(["ruff 1"], at: bench.now)
        bench.wait(.milliseconds(50))
        #expect(bench.takeQuestions().contains { $0.state == WireStateRequest() && $0.kind != nil })
        #expect(bench.takeBeats().last?.tools == ["ruff 1"])
    }
}
