import Scheduling
import Testing

@testable import Collecting
@testable import Store

struct OwnedJobTests {
    private func owned(nextGroup: Int) throws -> OwnedJob {
        let job = Job.simulated(keepsFailed: false, runConfig: "{}")
        let stored = StoredJob(
            job: job, active: [], reopened: [], finishedGroups: 0, nextGroup: nextGroup, tokens: 0, openCommands: [])
        return OwnedJob(stored, blueprint: try JobBlueprint(job: job), now: .now)
    }

    @Test func `early shutdown takes a job that another owner began for one it knows only a part of`() throws {
        var own = try owned(nextGroup: 0)
        _ = own.shutdown?.note(column: 2, failed: true)
        #expect(own.shutdown?.ended(column: 2)?.failures == 1, "the whole column failed")

        var taken = try owned(nextGroup: 2)
        _ = taken.shutdown?.note(column: 2, failed: true)
        #expect(taken.shutdown != nil && taken.shutdown?.ended(column: 2) == nil)

        // One that takes over from itself still knows all.
        var again = try owned(nextGroup: 2)
        again.goOn(from: own)
        #expect(again.shutdown?.ended(column: 2)?.failures == 1)
    }
}
