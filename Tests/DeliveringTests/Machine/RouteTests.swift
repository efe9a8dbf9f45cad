import Messages
import Testing

@testable import Delivering

/// Routes that come and go, and what no message can carry.
struct RouteTests {
    private func closed(_ bench: WorkerBench) -> [Route] {
        bench.actions.compactMap { if case .close(let route) = $0 { route } else { nil } }
    }

    @Test func `a route that no job uses is closed after two answers, once nothing of it is here`() {
        let bench = WorkerBench(cap: 1)
        bench.deliver(1)
        let call = bench.takeCalls()[0]
        for _ in 0..<3 {
            bench.machine.stateCame(stoppedJobs: [], routes: [], at: bench.now)
            bench.run()
        }
        #expect(closed(bench).isEmpty, "it has a delivery of the route")
        bench.end(call.cell, .text("done"))
        bench.settle()
        bench.machine.stateCame(stoppedJobs: [], routes: [WorkerBench.route], at: bench.now)
        bench.run()
        bench.machine.stateCame(stoppedJobs: [], routes: [], at: bench.now)
        bench.run()
        #expect(closed(bench).isEmpty, "the answer may be older than the route")
        bench.machine.stateCame(stoppedJobs: [], routes: [], at: bench.now)
        bench.run()
        #expect(closed(bench) == [WorkerBench.route])
        #expect(bench.machine.routes.isEmpty && bench.machine.limits.isEmpty)
        bench.machine.learn(
            WorkerBench.route, endpoint: "e", limitKey: "k", operatorCap: nil, workflowCap: 1, at: bench.now)
        bench.run()
        bench.deliver(2, sequence: 9)
        #expect(bench.takeCalls().count == 1, "it can be served again")
    }

    @Test func `it asks what is true now and then, and soon where there is a reason`() {
        let bench = WorkerBench()
        bench.machine.inboxReady(at: bench.now)
        bench.run()
        bench.machine.stateCame(stoppedJobs: [], at: bench.now)
        _ = bench.takeQuestions()
        bench.wait(.seconds(59))
        #expect(bench.takeQuestions().isEmpty)
        bench.wait(.seconds(2))
        #expect(bench.takeQuestions().contains { $0.kind == .state(WireStateRequest()) })
    }

    @Test func `a value that no message can carry fails its cell for good`() {
        var cell = WireResultCell()
        cell.value.text = String(repeating: "x", count: WireValue.largestBytes)
        guard case .failed(let failure) = CellOutcome.value(cell).withinMessages else {
            Issue.record("it was let pass")
            return
        }
        #expect(failure.kind == "too_large" && !failure.retryable)
        cell.value.text = "small"
        #expect(CellOutcome.value(cell).withinMessages.isValue)
    }
}
