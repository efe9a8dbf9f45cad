import Foundation
import LocalServices
import TestSupport
import Testing

/// Runs seeds, several at a time: most of a seed's time is spent in outages. Each lane has its own servers, and runs
/// one seed after another on them.
actor ChaosCampaign {
    private let settings: ChaosSettings
    private var waiting: [UInt64]
    private var tally = ChaosTally()
    private var calm: Task<[Data], any Error>?

    init(_ settings: ChaosSettings) {
        self.settings = settings
        waiting = settings.seeds.reversed()
    }

    func run() async -> ChaosTally {
        await withDiscardingTaskGroup { group in
            for lane in 1...settings.jobs { group.addTask { await self.runLane(lane) } }
        }
        return tally
    }

    private func runLane(_ lane: Int) async {
        var services: LocalServices?
        while let seed = waiting.popLast() {
            do {
                let servers = try await servers(services, lane)
                services = servers
                let (history, seconds) = try await outcome(of: seed, on: servers)
                tally.count(history, seconds: seconds)
            } catch {
                tally.countUnfinished()
                Issue.record("seed \(seed): \(error); \(Self.replay(seed))")
                // Who knows what it left stopped or half started.
                await services?.stop()
                services = nil
            }
        }
        await services?.stop()
    }

    private func servers(_ services: LocalServices?, _ lane: Int) async throws -> LocalServices {
        if let services { return services }
        return try await TestServices.start("chaos-services-\(lane)")
    }

    /// The lines of a calm run: one for all, on the servers of the lane that is there first.
    private func calmLines(on services: LocalServices) async throws -> [Data] {
        let running = calm ?? Task { try await ChaosRun.calmLines(on: services) }
        calm = running
        return try await running.value
    }

    private func outcome(of seed: UInt64, on services: LocalServices) async throws -> (History, seconds: Int) {
        let calm = try await calmLines(on: services)
        let plan = ChaosPlan(seed: seed)
        let run = try await ChaosRun(plan, calm: calm, on: services)
        let began = ContinuousClock.now
        let history: History
        do {
            history = try await run.history(calm: calm)
        } catch {
            await run.end(keepingLogs: true)
            throw NeverHappened("\(error); logs in \(run.cluster.folder)")
        }
        let seconds = Int(began.duration(to: .now) / .seconds(1))
        let names = plan.faults.map(\.fault.rawValue).joined(separator: " ")
        Self.say("chaos seed \(seed): \(history), \(seconds) s (\(names))")
        let isGood = history.isClean && history.recovered > 0
        #expect(history.isClean, "seed \(seed): \(history); logs in \(run.cluster.folder); \(Self.replay(seed))")
        #expect(history.recovered > 0, "seed \(seed): no fault struck; \(Self.replay(seed))")
        await run.end(keepingLogs: !isGood)
        return (history, seconds)
    }

    private static func replay(_ seed: UInt64) -> String { "replay with: make test-chaos SEED=\(seed)" }

    /// At once, also into a pipe.
    static func say(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }
}
