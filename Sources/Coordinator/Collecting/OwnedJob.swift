import Scheduling
import Store

/// A job that is not over, in its owner's hands.
struct OwnedJob: Sendable {
    let blueprint: JobBlueprint
    /// The first row group that was never admitted.
    var nextGroup: Int
    var finishedGroups: Int
    var state: JobState
    var reason: String
    /// Nothing more is sent; when all that is out came back, or at `stopDeadline`, the job is cancelled.
    var isStopping: Bool
    var stopDeadline: ContinuousClock.Instant?
    var commands: [OpenCommand]
    /// Since when a provider that the job needs is served by nobody.
    var unservedSince: ContinuousClock.Instant?

    var number: JobNumber { blueprint.job.number }

    var isFinished: Bool { finishedGroups == blueprint.plan.groupCount }
}
