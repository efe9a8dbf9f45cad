import Messages

/// Where the cells of one active row group stand: which are there, which are ready, which are out under which number.
///
/// Flat arrays indexed by record offset and column, since a job of millions of cells passes through here.
struct GroupProgress: Sendable {
    enum CellState: UInt8, Sendable {
        /// Something it needs is not there yet.
        case blocked
        /// Computable now, or in its route's queue, or waiting for its backoff to end.
        case ready
        case out
        case done
    }

    enum RecordState: UInt8, Sendable { case pending, complete, dropped }

    let ordinal: Int
    let records: Range<Int64>
    let columns: Int
    private(set) var completed = 0
    private(set) var dropped = 0
    /// A record was decided since `takeChange`.
    private var isChanged = false

    private var states: [CellState]
    /// By cell: how many of the columns it needs are not there yet.
    private var missing: [UInt16]
    private var recordStates: [RecordState]
    /// By record: cells that are not done.
    private var open: [UInt16]
    private var numbers: [DispatchNumber?]
    private var failures: [UInt16]
    /// By cell, few: attempts that were charged before its record was retried, and count no more.
    private var forgiven: [Int: Int] = [:]
    var notes = CellNotes()
    /// Records that hold a null in the place of a cell that was given up.
    private var withNulls: Set<Int> = []

    /// All given columns are done, all else waits for what it needs.
    init(ordinal: Int, plan: JobPlan, dropped: [Int64] = []) {
        self.ordinal = ordinal
        records = plan.records(of: ordinal)
        columns = plan.roles.count
        let count = records.count
        let needs = plan.dependencies.map { needed in needed.filter { plan.roles[$0] != .given }.count }
        var rowStates = [CellState](repeating: .blocked, count: columns)
        for column in 0..<columns where plan.roles[column] == .given { rowStates[column] = .done }
        let openColumns = rowStates.filter { $0 != .done }.count
        states = Array(repeatElement(rowStates, count: count).joined())
        missing = Array(repeatElement(needs.map(UInt16.init), count: count).joined())
        recordStates = .init(repeating: .pending, count: count)
        open = .init(repeating: UInt16(openColumns), count: count)
        numbers = .init(repeating: nil, count: count * columns)
        failures = .init(repeating: 0, count: count * columns)
        for record in dropped { recordStates[Int(record - records.lowerBound)] = .dropped }
        self.dropped = dropped.count
        if openColumns == 0 {
            for offset in 0..<count where recordStates[offset] == .pending { recordStates[offset] = .complete }
            completed = count - dropped.count
        }
        isChanged = completed + self.dropped > 0
    }

    /// Whether its counts changed since the last call.
    mutating func takeChange() -> Bool {
        defer { isChanged = false }
        return isChanged
    }

    var isFinished: Bool { completed + dropped == records.count }

    func index(_ offset: Int, _ column: Int) -> Int { offset * columns + column }

    func state(_ offset: Int, _ column: Int) -> CellState { states[index(offset, column)] }
    func recordState(_ offset: Int) -> RecordState { recordStates[offset] }
    func number(_ offset: Int, _ column: Int) -> DispatchNumber? { numbers[index(offset, column)] }
    func failures(_ offset: Int, _ column: Int) -> Int { Int(failures[index(offset, column)]) }
    /// Those that count towards giving it up.
    func countedFailures(_ offset: Int, _ column: Int) -> Int {
        failures(offset, column) - (forgiven[index(offset, column)] ?? 0)
    }
    /// Complete records that hold nulls, a part of `completed`.
    var completedWithNulls: Int { withNulls.reduce(0) { $0 + (recordStates[$1] == .complete ? 1 : 0) } }

    /// Whether a value for it would be stored.
    func isWanted(_ offset: Int, _ column: Int) -> Bool {
        recordStates[offset] == .pending && states[index(offset, column)] != .done
    }

    func isOut(_ offset: Int, _ column: Int, under number: DispatchNumber) -> Bool {
        recordStates[offset] == .pending && states[index(offset, column)] == .out
            && numbers[index(offset, column)] == number
    }

    /// True when the cell was blocked and needs nothing: it is ready now.
    mutating func makeReadyIfUnblocked(_ offset: Int, _ column: Int) -> Bool {
        let cell = index(offset, column)
        guard recordStates[offset] == .pending, states[cell] == .blocked, missing[cell] == 0 else { return false }
        states[cell] = .ready
        return true
    }

    /// The value is there. Returns the columns of the record that became ready by it.
    mutating func finish(_ offset: Int, _ column: Int, plan: JobPlan) -> [Int] {
        let cell = index(offset, column)
        precondition(states[cell] != .done && recordStates[offset] == .pending)
        states[cell] = .done
        numbers[cell] = nil
        notes.conversations[cell] = nil
        open[offset] -= 1
        if open[offset] == 0 {
            recordStates[offset] = .complete
            completed += 1
            isChanged = true
            return []
        }
        var ready: [Int] = []
        for dependent in plan.dependents[column] {
            missing[index(offset, dependent)] -= 1
            if makeReadyIfUnblocked(offset, dependent) { ready.append(dependent) }
        }
        return ready
    }

    mutating func send(_ offset: Int, _ column: Int, under number: DispatchNumber) {
        let cell = index(offset, column)
        precondition(states[cell] == .ready && recordStates[offset] == .pending)
        states[cell] = .out
        numbers[cell] = number
    }

    /// Not out any more, without a value.
    mutating func takeBack(_ offset: Int, _ column: Int) {
        let cell = index(offset, column)
        states[cell] = .ready
        numbers[cell] = nil
    }

    mutating func countDeath(_ offset: Int, _ column: Int) -> Int {
        notes.deaths[index(offset, column), default: 0] += 1
        return notes.deaths[index(offset, column)] ?? 0
    }

    mutating func countLoss(_ offset: Int, _ column: Int) { notes.losses[index(offset, column), default: 0] += 1 }

    mutating func keepRequeues(_ offset: Int, _ column: Int, _ count: Int) {
        notes.requeues[index(offset, column)] = count > 0 ? count : nil
    }

    mutating func keepConversation(_ offset: Int, _ column: Int, _ body: [UInt8]?) {
        notes.conversations[index(offset, column)] = body
    }

    mutating func countFailure(_ offset: Int, _ column: Int) -> Int {
        notes.conversations[index(offset, column)] = nil
        // Somebody lived to tell.
        notes.requeues[index(offset, column)] = nil
        failures[index(offset, column)] += 1
        return failures(offset, column)
    }

    mutating func setFailures(_ offset: Int, _ column: Int, to count: Int, forgiven spared: Int) {
        failures[index(offset, column)] = UInt16(clamping: count)
        if spared > 0 { forgiven[index(offset, column)] = spared }
    }

    /// The record will hold a null in the place of one of its cells.
    mutating func noteNull(_ offset: Int) { withNulls.insert(offset) }

    /// The record will not be complete. Returns its columns that were out.
    mutating func drop(_ offset: Int) -> [Int] {
        guard recordStates[offset] == .pending else { return [] }
        recordStates[offset] = .dropped
        dropped += 1
        isChanged = true
        return (0..<columns).filter { states[index(offset, $0)] == .out }
    }

    func hasOpenCells(_ column: Int) -> Bool {
        recordStates.indices.contains { isWanted($0, column) }
    }

    func recordNumbers(in state: RecordState) -> [Int64] {
        recordStates.indices.filter { recordStates[$0] == state }.map { records.lowerBound + Int64($0) }
    }

    func isReady(_ offset: Int, _ column: Int) -> Bool {
        recordStates[offset] == .pending && states[index(offset, column)] == .ready
    }

    // MARK: Restoring

    /// What the log says of a cell's former ends, in their order.
    mutating func note(_ cause: EndCause, _ offset: Int, _ column: Int) {
        switch cause {
        // Where it was interrupted, its conversation is the next entry.
        case .answered: keepConversation(offset, column, nil)
        case .died: _ = countDeath(offset, column)
        case .lost: countLoss(offset, column)
        }
    }

    /// As `finish`, but dependents stay blocked until all that the database knows is restored.
    mutating func finishQuietly(_ offset: Int, _ column: Int, plan: JobPlan) {
        let cell = index(offset, column)
        guard states[cell] != .done, recordStates[offset] == .pending else { return }
        states[cell] = .done
        open[offset] -= 1
        for dependent in plan.dependents[column] { missing[index(offset, dependent)] -= 1 }
        if open[offset] == 0 {
            recordStates[offset] = .complete
            completed += 1
            isChanged = true
        }
    }

    /// Nil when nobody waits for the cell; else whether it was out already, under an earlier number.
    mutating func markOut(_ offset: Int, _ column: Int, under number: DispatchNumber) -> Bool? {
        let cell = index(offset, column)
        guard isWanted(offset, column) else { return nil }
        let wasOut = states[cell] == .out
        states[cell] = .out
        numbers[cell] = number
        return wasOut
    }

    /// A cell that waits for its backoff: ready, but in no queue. False when it is not waited for, or out.
    mutating func hold(_ offset: Int, _ column: Int) -> Bool {
        let cell = index(offset, column)
        guard isWanted(offset, column), states[cell] == .blocked else { return false }
        states[cell] = .ready
        return true
    }
}
