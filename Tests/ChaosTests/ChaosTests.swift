import Foundation
import TestSupport
import Testing

/// `make test-chaos SEEDS=20 FROM=1 JOBS=4`, or `SEED=7` for one. CI runs the first three.
@Suite(.serialized)
struct ChaosTests {
    @Test func `nothing is lost, doubled or changed, whatever dies`() async throws {
        let settings = try ChaosSettings(
            ProcessInfo.processInfo.environment, cores: ProcessInfo.processInfo.activeProcessorCount)
        let began = ContinuousClock.now
        let tally = await ChaosCampaign(settings).run()
        let seconds = Int(began.duration(to: .now) / .seconds(1))
        ChaosCampaign.say("chaos: \(tally); \(seconds) s in all, \(settings.jobs) at a time")
    }
}
