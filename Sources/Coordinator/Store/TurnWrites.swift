package import Scheduling

/// A model's value, to be stored as the first of its cell.
package struct StoredValue: Sendable {
    package let storage: Int32
    package let cell: Cell
    package let text: String
    package let isJSON: Bool
    package let attempt: Int
    package let worker: String
    package let inputTokens: Int32
    package let outputTokens: Int32
    package let callMilliseconds: Int32
    package let finishReason: String

    /// The finish reason of the null that stands for a cell that was given up.
    package static let givenUp = "tessera_failed"

    package init(
        storage: Int32, cell: Cell, text: String, isJSON: Bool, attempt: Int, worker: String, inputTokens: Int32,
        outputTokens: Int32, callMilliseconds: Int32, finishReason: String
    ) {
        self.storage = storage
        self.cell = cell
        self.text = text
        self.isJSON = isJSON
        self.attempt = attempt
        self.worker = worker
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.callMilliseconds = callMilliseconds
        self.finishReason = finishReason
    }
}

/// A charged attempt, a row of the ledger.
package struct ChargedFailure: Sendable {
    package let cell: Cell
    package let attempt: Int
    package let kind: String
    package let message: String
    package let httpStatus: Int16
    package let finishReason: String
    package let worker: String
    /// How long the cell waits before it is sent again; nil: its record is dropped by this.
    package let retryAfter: Duration?

    package init(
        cell: Cell, attempt: Int, kind: String, message: String, httpStatus: Int16, finishReason: String,
        worker: String, retryAfter: Duration?
    ) {
        self.cell = cell
        self.attempt = attempt
        self.kind = kind
        self.message = message
        self.httpStatus = httpStatus
        self.finishReason = finishReason
        self.worker = worker
        self.retryAfter = retryAfter
    }
}

/// A record that will not be complete.
package struct DroppedRecord: Sendable {
    package let storage: Int32
    package let cell: Cell
    package let kind: String

    package init(storage: Int32, cell: Cell, kind: String) {
        self.storage = storage
        self.cell = cell
        self.kind = kind
    }
}

/// A row group of which every record is decided.
package struct FinishedGroup: Sendable {
    package let job: JobNumber
    package let storage: Int32
    package let group: Int
    /// The complete records in order, each with its sampled and computed columns as a JSON object.
    package let complete: [(record: Int64, fields: String)]
    package let cancelled: [Int64]

    package init(
        job: JobNumber, storage: Int32, group: Int, complete: [(record: Int64, fields: String)],
        cancelled: [Int64] = []
    ) {
        self.job = job
        self.storage = storage
        self.group = group
        self.complete = complete
        self.cancelled = cancelled
    }
}

/// What a column's calls cost in this transaction.
package struct UsageDelta: Sendable {
    package var stored: Int64 = 0
    package var calls: Int64 = 0
    package var failed: Int64 = 0
    package var returned: Int64 = 0
    package var wasted: Int64 = 0
    package var inputTokens: Int64 = 0
    package var outputTokens: Int64 = 0

    package init() {}
}

package struct JobColumn: Hashable, Sendable {
    package let job: JobNumber
    package let column: Int

    package init(job: JobNumber, column: Int) {
        self.job = job
        self.column = column
    }
}

package struct JobGroup: Hashable, Sendable {
    package let job: JobNumber
    package let group: Int

    package init(job: JobNumber, group: Int) {
        self.job = job
        self.group = group
    }
}

/// Everything one turn of a partition's owner changes, in one fenced transaction.
package struct TurnWrites: Sendable {
    package var values: [StoredValue] = []
    package var failures: [ChargedFailure] = []
    package var drops: [DroppedRecord] = []
    package var log: [LogEntry] = []
    /// Encoded column specs by their SHA-256, for workers that ask.
    package var blobs: [(hash: [UInt8], body: [UInt8])] = []
    package var admitted: [(group: JobGroup, records: Range<Int64>)] = []
    package var counts: [JobGroup: RecordCounts] = [:]
    package var finished: [FinishedGroup] = []
    package var usage: [JobColumn: UsageDelta] = [:]
    package var states: [(job: JobNumber, state: JobState, reason: String)] = []
    /// Jobs that take no further calls: cancelled once what runs has ended.
    package var stopping: [JobNumber] = []
    package var answeredCommands: [(id: Int64, answer: String, isRefused: Bool)] = []
    /// What wishes change in the tables; the owner reads its state anew after it.
    package var changes: [JobChange] = []
    package var deadLetters: [(reason: String, routingKey: String, body: [UInt8])] = []

    package init() {}

    /// True when committing it would change nothing.
    package var isEmpty: Bool {
        values.isEmpty && blobs.isEmpty && failures.isEmpty && drops.isEmpty && log.isEmpty
            && admitted.isEmpty && counts.isEmpty && finished.isEmpty && usage.isEmpty && states.isEmpty
            && stopping.isEmpty
            && answeredCommands.isEmpty && changes.isEmpty && deadLetters.isEmpty
    }
}
