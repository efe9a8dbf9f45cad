import Messages

/// What one partition's owner decides: which cells are ready, out, charged, dropped; what the dispatch log gets.
///
/// A value type without I/O. The owner feeds it what was delivered, writes what it returns in one fenced transaction,
/// and only then acknowledges and publishes. It is a copy of the database ahead by one transaction: when that fails,
/// or nobody knows whether it committed, the copy is thrown away and built anew from the database.
///
/// docs/protocol.md has the rules; their model is checked over every state of small configurations.
package struct PartitionScheduler: Sendable {
    struct JobState: Sendable {
        let plan: JobPlan
        var groups: [Int: GroupProgress] = [:]
        var ready: [String: ReadyQueue]
        /// Cells out by route: the credit in use.
        var out: [String: Int] = [:]
        var isStopped = false
    }

    package let generation: Int64
    private var sequence: Int64 = 0
    var jobs: [JobNumber: JobState] = [:]
    var delayed = DelayedCells()
    var log = DispatchLog()
    private var computable: [Cell] = []
    private var finished: [(job: JobNumber, group: Int)] = []

    package init(generation: Int64) { self.generation = generation }

    // MARK: Jobs and row groups

    package mutating func add(_ plan: JobPlan) {
        guard jobs[plan.job] == nil else { return }
        var ready: [String: ReadyQueue] = [:]
        for route in plan.routes { ready[route] = ReadyQueue() }
        jobs[plan.job] = JobState(plan: plan, ready: ready)
    }

    package mutating func remove(_ job: JobNumber) {
        jobs[job] = nil
        delayed.removeAll(of: job)
        computable.removeAll { $0.job == job }
        finished.removeAll { $0.job == job }
    }

    /// From here on nothing of the job is sent; what is out may still come back.
    package mutating func stop(_ job: JobNumber) { jobs[job]?.isStopped = true }

    /// After `stop`: it is sent again.
    package mutating func goOn(_ job: JobNumber) { jobs[job]?.isStopped = false }

    package func plan(of job: JobNumber) -> JobPlan? { jobs[job]?.plan }

    package func activeGroups(of job: JobNumber) -> [Int] { (jobs[job]?.groups.keys).map { $0.sorted() } ?? [] }

    package func activeGroupCount(of job: JobNumber) -> Int { jobs[job]?.groups.count ?? 0 }

    package func isActive(_ job: JobNumber, group: Int) -> Bool { jobs[job]?.groups[group] != nil }

    /// Cells of the job that are out, over all routes.
    package func cellsOut(of job: JobNumber) -> Int { jobs[job]?.out.values.reduce(0, +) ?? 0 }

    package func cellsOut(of job: JobNumber, route: String) -> Int { jobs[job]?.out[route] ?? 0 }

    package func cellsReady(of job: JobNumber, route: String) -> Int { jobs[job]?.ready[route]?.count ?? 0 }

    package func counts(of job: JobNumber, group: Int) -> RecordCounts? {
        jobs[job]?.groups[group].map {
            RecordCounts(completed: $0.completed, completedWithNulls: $0.completedWithNulls, dropped: $0.dropped)
        }
    }

    /// Records of active row groups that are not decided yet.
    package func pendingRecordCount(of job: JobNumber) -> Int {
        jobs[job]?.groups.values.reduce(0) { $0 + $1.records.count - $1.completed - $1.dropped } ?? 0
    }

    /// Whether a record of an active row group is not decided yet.
    package func hasPendingRecords(of job: JobNumber) -> Bool {
        jobs[job]?.groups.values.contains { !$0.isFinished } ?? false
    }

    /// Whether the column has a cell in an active row group that is neither there nor given up.
    package func hasOpenCells(of job: JobNumber, column: Int) -> Bool {
        jobs[job]?.groups.values.contains { $0.hasOpenCells(column) } ?? false
    }

    /// Takes the row group in hand. Its given columns are there; what needs nothing else is ready.
    ///
    /// - Parameter dropping: records that are given up from the start, since their given columns are not there.
    package mutating func admit(_ job: JobNumber, group: Int, dropping: [Int64] = []) {
        guard let plan = jobs[job]?.plan, jobs[job]?.groups[group] == nil else { return }
        jobs[job]?.groups[group] = GroupProgress(ordinal: group, plan: plan, dropped: dropping)
        makeReadyWhatNeedsNothing(job, group)
        if jobs[job]?.groups[group]?.isFinished == true { finished.append((job, group)) }
    }

    /// Whether a value for the cell would be stored.
    package func isWanted(_ cell: Cell) -> Bool {
        guard let (group, offset) = locate(cell) else { return false }
        return jobs[cell.job]?.groups[group]?.isWanted(offset, cell.column) ?? false
    }

    mutating func makeReadyWhatNeedsNothing(_ job: JobNumber, _ group: Int) {
        guard let plan = jobs[job]?.plan, let count = jobs[job]?.groups[group]?.records.count else { return }
        let columns = plan.roles.indices.filter { plan.roles[$0] != .given }
        for offset in 0..<count {
            for column in columns
            where jobs[job]?.groups[group]?.makeReadyIfUnblocked(offset, column) == true {
                becomeReady(job, plan, group, offset, column)
            }
        }
    }

    func locate(_ cell: Cell) -> (group: Int, offset: Int)? {
        guard let plan = jobs[cell.job]?.plan, plan.roles.indices.contains(cell.column), cell.record >= 0,
            cell.record < plan.records
        else { return nil }
        let group = plan.group(of: cell.record)
        return (group, Int(cell.record - plan.records(of: group).lowerBound))
    }

    /// All that a cell needs is there: one that may be left out is asked of the caller first.
    mutating func becomeReady(_ job: JobNumber, _ plan: JobPlan, _ group: Int, _ offset: Int, _ column: Int) {
        guard plan.isJudged[column] else { return enqueue(job, plan, group, offset, column) }
        computable.append(
            Cell(job: job, record: plan.records(of: group).lowerBound + Int64(offset), column: column))
    }

    /// A cell is to be made: computed ones are asked of the caller, model cells wait for credit.
    mutating func enqueue(_ job: JobNumber, _ plan: JobPlan, _ group: Int, _ offset: Int, _ column: Int) {
        switch plan.roles[column] {
        case .given: break
        case .computed:
            let record = plan.records(of: group).lowerBound + Int64(offset)
            computable.append(Cell(job: job, record: record, column: column))
        case .model(let route):
            jobs[job]?.ready[route]?.append(group: group, offset: offset, column: column)
        }
    }

    // MARK: What the caller takes

    /// Cells that can be evaluated now, and model cells that must be judged now; each is answered by `computed`, by
    /// `drop`, or, a model cell that is not left out, by `wanted`, at once.
    package mutating func takeComputable() -> [Cell] {
        defer { computable.removeAll(keepingCapacity: true) }
        return computable
    }

    /// What the next transaction appends to the dispatch log.
    package mutating func takeLog() -> [LogEntry] { log.take() }

    /// The counts of row groups in which a record was decided since the last call.
    package mutating func takeChangedCounts() -> [(job: JobNumber, group: Int, counts: RecordCounts)] {
        var changed: [(JobNumber, Int, RecordCounts)] = []
        for job in jobs.keys {
            for group in jobs[job]?.groups.keys ?? [:].keys
            where jobs[job]?.groups[group]?.takeChange() == true {
                if let counts = counts(of: job, group: group) { changed.append((job, group, counts)) }
            }
        }
        return changed
    }

    /// Row groups in which every record is complete or dropped.
    package func finishedGroups() -> [(job: JobNumber, group: Int)] { finished }

    /// Forgets them: their transaction is written.
    package mutating func forgetFinished() {
        for (job, group) in finished { forget(job, group: group) }
        finished.removeAll(keepingCapacity: true)
    }

    private mutating func forget(_ job: JobNumber, group: Int) {
        jobs[job]?.groups[group] = nil
        for route in jobs[job]?.plan.routes ?? [] { jobs[job]?.ready[route]?.remove(group: group) }
    }

    /// Records of an active group that are complete, in order.
    package func completeRecords(of job: JobNumber, group: Int) -> [Int64] {
        jobs[job]?.groups[group]?.recordNumbers(in: .complete) ?? []
    }

    /// Records of an active group that are not decided, in order.
    package func pendingRecords(of job: JobNumber, group: Int) -> [Int64] {
        jobs[job]?.groups[group]?.recordNumbers(in: .pending) ?? []
    }

    /// Charged attempts of a cell so far.
    package func failures(of cell: Cell) -> Int {
        guard let (group, offset) = locate(cell) else { return 0 }
        return jobs[cell.job]?.groups[group]?.failures(offset, cell.column) ?? 0
    }

    /// Whether any cell of the entry is out under its number.
    package func isAnyOut(_ sent: Sent) -> Bool { !stillOut(sent).records.isEmpty }

    mutating func markFinished(_ job: JobNumber, _ group: Int) { finished.append((job, group)) }

    mutating func nextNumber() -> DispatchNumber {
        sequence += 1
        return DispatchNumber(generation: generation, sequence: sequence)
    }
}
