import Testing

@testable import Delivering

struct SimulationTests {
    /// Lost connections, crashes, drains, refusals, returns, pauses and breakers, all at once; then peace.
    @Test(arguments: 1...24 as ClosedRange<UInt64>)
    func `whatever happens, every cell ends and nothing is acknowledged too early`(seed: UInt64) {
        var cluster = SimulatedCluster(seed: seed, cells: 60, workers: 3)
        for _ in 0..<1600 where cluster.broken.isEmpty { cluster.step(faults: true) }
        #expect(cluster.calls > 45, "seed \(seed)")
        var steps = 0
        while !cluster.isDecided, cluster.broken.isEmpty, steps < 20_000 {
            cluster.step(faults: false)
            steps += 1
        }
        #expect(cluster.broken == [], "seed \(seed)")
        let isDecided = cluster.isDecided
        #expect(isDecided, "seed \(seed): \(cluster.cells)")

        // Nothing is left behind: repeats of what is stored, too, are answered and acknowledged.
        while cluster.workers.contains(where: { !$0.machine.ledger.cells.isEmpty }) || !cluster.queue.isEmpty {
            guard steps < 40_000 else { break }
            cluster.step(faults: false)
            steps += 1
        }
        #expect(cluster.queue.isEmpty, "seed \(seed)")
        #expect(!cluster.workers.contains { !$0.unacknowledged.isEmpty }, "seed \(seed)")
        #expect(!cluster.workers.contains { !$0.machine.ledger.cells.isEmpty }, "seed \(seed)")
        #expect(!cluster.workers.contains { !$0.machine.outbox.isEmpty }, "seed \(seed)")
    }
}
