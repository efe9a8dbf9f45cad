package import Scheduling

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
