package import Scheduling

/// Everything one turn of a partition's owner changes, in one fenced transaction.
package struct TurnWrites: Sendable {
    package var values: [StoredValue] = []
    package var failures: [ChargedFailure] = []
    package var drops: [DroppedRecord] = []
    package var log: [LogEntry] = []
    /// Encoded column specs by their SHA-256, for workers that ask.
    package var blobs: [(hash: [UInt8], body: [UInt8])] = []
    package var admitted: [(group: JobGroup, records: Range<Int64>)] = []
    /// Row groups that were open again, and are in hand now.
    package var takenInHand: [JobGroup] = []
    /// Jobs that end: what is open again of them, and in nobody's hand, is cancelled.
    package var abandoned: [(job: JobNumber, storage: Int32)] = []
    package var counts: [JobGroup: RecordCounts] = [:]
    package var finished: [FinishedGroup] = []
    package var usage: [JobColumn: UsageDelta] = [:]
    /// What came of jobs that are over.
    package var lateUsage: [EndedJobColumn: UsageDelta] = [:]
    package var states: [(job: JobNumber, state: JobState, reason: String)] = []
    /// What else there is to tell of jobs.
    package var events: [(job: JobNumber, event: String, detail: String)] = []
    /// Jobs that take no further calls: cancelled once what runs has ended.
    package var stopping: [JobNumber] = []
    /// An empty answer: a change has given it.
    package var answeredCommands: [(id: Int64, answer: String, isRefused: Bool)] = []
    /// What wishes change in the tables; the owner reads its state anew after it.
    package var changes: [JobChange] = []
    /// The wishes that made those changes.
    package var changingCommands: [Int64] = []
    package var deadLetters: [DeadLetter] = []

    package init() {}

    /// True when committing it would change nothing.
    package var isEmpty: Bool {
        values.isEmpty && failures.isEmpty && drops.isEmpty && log.isEmpty && blobs.isEmpty && admitted.isEmpty
            && counts.isEmpty && finished.isEmpty && usage.isEmpty && lateUsage.isEmpty && states.isEmpty
            && events.isEmpty && takenInHand.isEmpty && abandoned.isEmpty
            && stopping.isEmpty && answeredCommands.isEmpty && changes.isEmpty && deadLetters.isEmpty
    }
}
