import Foundation
import TestSupport
import Testing

/// `make test-chaos SEEDS=20`, or `SEED=7` for one. CI runs the first three.
@Suite(.serialized)
struct ChaosTests {
    static let seeds: [UInt64] = {
        let environment = ProcessInfo.processInfo.environment
        if let seed = environment["TESSERA_CHAOS_SEED"].flatMap(UInt64.init) { return [seed] }
        return Array(1...(environment["TESSERA_CHAOS_SEEDS"].flatMap(UInt64.init) ?? 3))
    }()

    static let calm = Task { () async throws -> [Data] in try await ChaosRun.calmLines() }

    @Test(arguments: seeds)
    func `nothing is lost, doubled or changed, whatever dies`(seed: UInt64) async throws {
        let calm = try await Self.calm.value
        let plan = ChaosPlan(seed: seed)
        let run = try await ChaosRun(plan, calm: calm)
        let began = ContinuousClock.now
        do {
            let history = try await run.history(calm: calm)
            let seconds = Int(began.duration(to: .now) / .seconds(1))
            let names = plan.faults.map(\.fault.rawValue).joined(separator: " ")
            print("chaos seed \(seed): \(history), \(seconds) s (\(names))")
            #expect(history.isClean, "\(history); replay with: make test-chaos SEED=\(seed)")
            #expect(history.recovered > 0, "no fault struck; replay with: make test-chaos SEED=\(seed)")
        } catch {
            Issue.record("\(error); logs in \(run.cluster.folder); replay with: make test-chaos SEED=\(seed)")
        }
        await run.end()
    }
}
