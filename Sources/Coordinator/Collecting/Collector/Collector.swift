import JSON
import Logging
import Messages
import Scheduling
import Store

/// What a partition's owner knows and decides: a copy of what the tables say, ahead of them by one transaction.
///
/// A value type without I/O. Workers' answers, clients' wishes, seed rows and the time go in; what is to be committed,
/// then announced and published, comes out. When the transaction fails, or nobody knows whether it committed, the copy
/// is thrown away and filled anew from the database (`successor`, `adopt`, `restore`). `PartitionScheduler` inside
/// decides over cells; what the cells hold, and what becomes of jobs, is decided here.
struct Collector: Sendable {
    static let publishWindowCells = 500

    let hold: Duration
    var logger: Logger

    var scheduler: PartitionScheduler
    var overdue: OverdueWatch
    /// Jobs that are not over: `adopt` adds them, `forget` removes them.
    var jobs: [JobNumber: OwnedJob] = [:]
    /// Those of the copy before this one, until they are adopted: the database does not know their clocks.
    private var formerJobs: [JobNumber: OwnedJob] = [:]
    /// The routes of the jobs in hand, by key.
    private(set) var routes: [String: Route] = [:]
    private var numbers: [String: JobNumber] = [:]
    /// Worked out once, kept over recoveries.
    private var blueprints: [JobNumber: JobBlueprint] = [:]
    var tables: [JobGroup: RecordTable] = [:]
    /// Seed rows of row groups that are to be admitted next.
    var seedRows: [JobGroup: [[JSONValue]]] = [:]
    var board = RouteBoard()
    /// Jobs whose column specs are not known to be in the tables: another version may have written others.
    private var unsavedSpecs: Set<JobNumber> = []
    /// Cells whose value the database refused, in its words.
    var unstorable: [Cell: String] = [:]
    /// Wishes that the database refused, in its words.
    var refusedWishes: [Int64: String] = [:]
    /// Cells whose inputs no message can carry: their records are dropped by the next turn.
    var oversized: [Cell] = []
    /// Jobs that are over, of which something is wished.
    var ended: [JobNumber: StoredJob] = [:]
    /// Jobs that cannot be run, with the reason until it is written down.
    var doomed: [JobNumber: String] = [:]
    /// Which job is served first by the next turn.
    private var firstServed = 0
    var randomness: any RandomNumberGenerator & Sendable
    /// What the turn under way has decided so far.
    var decision = Decision()

    init(
        generation: Int64, hold: Duration, logger: Logger,
        randomness: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.hold = hold
        self.logger = logger
        self.randomness = randomness
        scheduler = PartitionScheduler(generation: generation)
        overdue = OverdueWatch(hold: hold)
    }

    /// An empty copy, to be filled from the database: of this one it has what the database does not know.
    func successor(generation: Int64) -> Collector {
        var next = Collector(generation: generation, hold: hold, logger: logger, randomness: randomness)
        next.blueprints = blueprints
        next.board = board
        next.unstorable = unstorable
        next.refusedWishes = refusedWishes
        next.oversized = oversized
        // Those, too, that a recovery that failed had not come to.
        next.formerJobs = formerJobs.merging(jobs) { $1 }
        next.overdue = overdue.successor()
        return next
    }

    // MARK: Turns

    /// One round: what came in, what it makes ready, what may be sent.
    ///
    /// - Parameters:
    ///   - recorded: entries of the log that the broker confirmed; this turn's transaction says so.
    ///   - room: how many cells may be sent, at most.
    ///   - isLeaving: the partition is being given up; nothing new is begun.
    mutating func decide(
        _ batch: Batch, recorded: [Sent], room: Int, isLeaving: Bool, now: ContinuousClock.Instant
    ) -> Decision {
        for sent in recorded { scheduler.confirmed(sent) }
        take(batch, now: now)
        dropOversized()
        scheduler.wakeDelayed(at: now)
        // Before jobs are looked at: a record that lacked only this is complete, not cancelled.
        compute()
        updateJobs(now: now)
        if !isLeaving { admit() }
        compute()
        for number in unsavedSpecs { decision.writes.blobs += jobs[number]?.blueprint.specs ?? [] }
        if !isLeaving { dispatch(room: room) }
        finishGroups()
        decision.writes.log = scheduler.takeLog()
        defer { decision = Decision() }
        return decision
    }

    /// The transaction of `decision` committed.
    ///
    /// - Returns: the jobs that are over by it; nothing of them is kept.
    mutating func committed(_ decision: Decision) -> [JobNumber] {
        unsavedSpecs = []
        refusedWishes = [:]
        if !unstorable.isEmpty { for failure in decision.writes.failures { unstorable[failure.cell] = nil } }
        if !oversized.isEmpty { oversized.removeAll { !scheduler.isWanted($0) } }
        let over = decision.writes.states.filter(\.state.isEnded)
        for (number, state, _) in over {
            logger.info(
                "job \(state.rawValue)",
                metadata: ["event": "job_\(state.rawValue)", "job": "\(jobs[number]?.blueprint.job.id.short ?? "")"])
            forget(number)
        }
        return over.map(\.job)
    }

    // MARK: What it is told between turns

    /// How routes stand.
    mutating func hear(_ board: RouteBoard) { self.board = board }

    /// What wishes may have changed of jobs in hand.
    mutating func refresh(
        _ outlines: [JobOutline], commands: [JobNumber: [OpenCommand]], now: ContinuousClock.Instant
    ) {
        for outline in outlines {
            jobs[outline.number]?.refresh(outline, commands: commands[outline.number] ?? [], now: now)
        }
    }

    /// The rows that a row group takes from the seed data.
    mutating func take(seedRows rows: [[JSONValue]], of group: JobGroup) { seedRows[group] = rows }

    /// The job fails with that reason.
    mutating func giveUp(_ job: JobNumber, _ reason: String) { doomed[job] = reason }

    /// Values that the database refused, in its words: their records are dropped when they come again.
    mutating func refused(_ values: [Cell: String]) { unstorable.merge(values) { first, _ in first } }

    /// The database refused the transaction in which these wishes were carried out, with those words.
    mutating func refused(wishes: [Int64], _ words: String) {
        for wish in wishes { refusedWishes[wish] = "the database refuses it: \(words)" }
    }

    private mutating func dispatch(room: Int) {
        var room = room
        let ready = jobs.keys.filter { jobs[$0]?.isHeld == false && doomed[$0] == nil }.sorted()
        guard !ready.isEmpty else { return }
        // Each turn begins with another job: when the window is short, all get their part of it.
        firstServed = (firstServed + 1) % ready.count
        for number in ready[firstServed...] + ready[..<firstServed] where room > 0 {
            guard let job = jobs[number] else { continue }
            for route in job.blueprint.plan.routes where room > 0 {
                let sends = scheduler.dispatch(number, route: route, credit: credit(job, route), limit: room)
                room -= sends.reduce(0) { $0 + $1.records.count }
                decision.sends += sends
            }
        }
    }

    // MARK: Jobs

    func number(of id: String) -> JobNumber? { numbers[id] }

    /// Takes a job in hand; one that this version cannot run fails with the reason.
    mutating func adopt(_ stored: StoredJob, now: ContinuousClock.Instant) {
        let job = stored.job
        guard !job.state.isEnded else {
            ended[job.number] = stored
            return
        }
        guard doomed[job.number] == nil, jobs[job.number] == nil else { return }
        do {
            // Whether an extension was committed may be known only now.
            let known = blueprints[job.number].flatMap { $0.job.requested == job.requested ? $0 : nil }
            let blueprint = try known ?? JobBlueprint(job: job)
            blueprints[job.number] = blueprint
            var owned = OwnedJob(stored, blueprint: blueprint, now: now)
            if let former = formerJobs.removeValue(forKey: job.number) { owned.goOn(from: former) }
            jobs[job.number] = owned
            numbers[job.id.rawValue] = job.number
            unsavedSpecs.insert(job.number)
            for use in blueprint.routes { routes[use.route.key] = use.route }
            scheduler.add(blueprint.plan)
            if job.isStopping { stop(job.number, now: now) }
            if let deadline = owned.stopDeadline { jobs[job.number]?.stopDeadline = deadline }
            if job.state == .paused { scheduler.stop(job.number) }
        } catch {
            doomed[job.number] = "this version cannot run it: \(error)"
        }
    }

    /// Everything in the tables is known here.
    mutating func recovered() { formerJobs = [:] }

    /// Neither in hand nor known to be one that cannot be run.
    func isNew(_ number: JobNumber) -> Bool { jobs[number] == nil && doomed[number] == nil }

    /// What wishes changed of a job that the next copy is to work out anew.
    mutating func forgetBlueprint(of number: JobNumber) { blueprints[number] = nil }

    private mutating func forget(_ number: JobNumber) {
        scheduler.remove(number)
        overdue.forget(number)
        if let id = jobs[number]?.blueprint.job.id { numbers[id.rawValue] = nil }
        jobs[number] = nil
        routes = [:]
        for job in jobs.values {
            for use in job.blueprint.routes { routes[use.route.key] = use.route }
        }
        blueprints[number] = nil
        doomed[number] = nil
        ended[number] = nil
        tables = tables.filter { $0.key.job != number }
        seedRows = seedRows.filter { $0.key.job != number }
        unstorable = unstorable.filter { $0.key.job != number }
    }
}
