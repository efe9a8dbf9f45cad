package import Scheduling

/// A model's value, to be stored as the first of its cell.
package struct StoredValue: Sendable {
    /// How it came about (`--lineage meta`).
    package struct Origin: Sendable {
        package let attempt: Int
        package let worker: String
        package let inputTokens: Int32
        package let outputTokens: Int32
        package let callMilliseconds: Int32
        package let finishReason: String

        package init(
            attempt: Int, worker: String, inputTokens: Int32 = 0, outputTokens: Int32 = 0, callMilliseconds: Int32 = 0,
            finishReason: String = ""
        ) {
            self.attempt = attempt
            self.worker = worker
            self.inputTokens = inputTokens
            self.outputTokens = outputTokens
            self.callMilliseconds = callMilliseconds
            self.finishReason = finishReason
        }
    }

    package let storage: Int32
    package let cell: Cell
    package let text: String
    package let isJSON: Bool
    package let origin: Origin

    /// The finish reason of the null that stands for a cell that was given up.
    package static let givenUp = "tessera_failed"

    package init(storage: Int32, cell: Cell, text: String, isJSON: Bool, origin: Origin) {
        self.storage = storage
        self.cell = cell
        self.text = text
        self.isJSON = isJSON
        self.origin = origin
    }
}
