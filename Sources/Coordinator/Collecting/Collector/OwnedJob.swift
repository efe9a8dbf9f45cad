import Scheduling
import Store
import Workflow

/// A job that is not over, in its owner's hands.
struct OwnedJob: Sendable {
    let blueprint: JobBlueprint
    /// The first row group that was never admitted.
    var nextGroup: Int
    /// Row groups that a retry opened again, in order, until they are in hand.
    var reopened: [Int]
    var finishedGroups: Int
    var state: JobState
    var reason: String
    var priority: Int
    /// Nothing more is sent; when all that is out came back, or at `stopDeadline`, the job is cancelled.
    var isStopping: Bool
    var stopDeadline: ContinuousClock.Instant?
    var commands: [OpenCommand]
    /// Since when a provider that the job needs is served by nobody, or an endpoint takes no calls.
    var unservedSince: ContinuousClock.Instant?
    /// Since when every worker of a route is refused for what waiting does not mend.
    var refusedSince: ContinuousClock.Instant?
    /// When its reason was written down.
    var reasonToldAt: ContinuousClock.Instant?
    /// When the job is paused.
    var deadline: ContinuousClock.Instant?
    /// Tokens after which it is paused, and those used so far.
    var maximumTokens: Int64?
    var tokens: Int64
    /// How long all of a route's workers may be refused for a wrong key and the like, before it is paused.
    let refusedLimit: Duration
    /// How long it may wait for an endpoint that refuses; nil: for ever.
    let throttledLimit: Duration?
    /// What it uses, with its caps as they are now, and how these are stored.
    private(set) var routes: [JobBlueprint.RouteUse]
    private var caps: String
    /// Nil: the user turned it off.
    var shutdown: EarlyShutdown?

    init(_ stored: StoredJob, blueprint: JobBlueprint, now: ContinuousClock.Instant) {
        let job = stored.job
        self.blueprint = blueprint
        nextGroup = stored.nextGroup
        reopened = stored.reopened
        finishedGroups = stored.finishedGroups
        state = job.state
        reason = job.reason
        priority = job.priority
        routes = blueprint.routes(caps: job.maximumParallel)
        caps = job.maximumParallel
        isStopping = job.isStopping
        commands = stored.openCommands
        maximumTokens = job.maximumTokens
        tokens = stored.tokens
        deadline = job.secondsLeft.map { now.advanced(by: .seconds($0)) }
        let settings = RunSettings(stored: job.runConfig)
        shutdown = Self.shutdown(stored, settings)
        refusedLimit = .seconds(settings.throttle.breakerSeconds ?? 30)
        throttledLimit = settings.maximumThrottledSeconds.map { .seconds($0) }
    }

    /// What no table has: since when it waits, how its last cells ended, how long a cancel waits for calls.
    mutating func goOn(from former: OwnedJob) {
        unservedSince = former.unservedSince
        refusedSince = former.refusedSince
        stopDeadline = former.stopDeadline
        if let window = former.shutdown, window.rule == shutdown?.rule { shutdown = window }
    }

    /// What wishes may change while the job is in hand.
    mutating func refresh(_ outline: JobOutline, commands: [OpenCommand], now: ContinuousClock.Instant) {
        self.commands = commands
        priority = outline.priority
        if outline.maximumParallel != caps {
            caps = outline.maximumParallel
            routes = blueprint.routes(caps: caps)
        }
        maximumTokens = outline.maximumTokens
        deadline = outline.secondsLeft.map { now.advanced(by: .seconds($0)) }
    }

    var number: JobNumber { blueprint.job.number }

    /// Row groups that are still to be taken in hand.
    var hasFurtherGroups: Bool { !reopened.isEmpty || nextGroup < blueprint.plan.groupCount }

    var isFinished: Bool { finishedGroups == blueprint.plan.groupCount }

    /// Nothing of it is sent: it is being cancelled, or paused.
    var isHeld: Bool { isStopping || state == .paused }

    private static func shutdown(_ stored: StoredJob, _ settings: RunSettings) -> EarlyShutdown? {
        guard !settings.disablesEarlyShutdown else { return nil }
        return EarlyShutdown(
            .init(
                rate: settings.shutdownErrorRate ?? 0.5, window: settings.shutdownErrorWindow,
                records: stored.job.requested), isWhole: stored.nextGroup == 0)
    }
}
