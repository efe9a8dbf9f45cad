/// The last calls in the order in which they ended.
struct CallLog {
    struct Entry {
        /// Since the start or the last reset.
        let arrived: Duration
        let model: String
        let prompt: UInt64
        /// 0: there was no whole reply.
        let status: Int
        let outcome: Call.Outcome
        /// 0 where the call was refused before it was counted as an attempt.
        let attempt: Int
        let waited: Duration
        let served: Duration
        /// JSON; nil where bodies are not kept.
        let body: [UInt8]?
    }

    private let capacity: Int
    private var entries: [Entry] = []
    private var next = 0

    init(capacity: Int) { self.capacity = capacity }

    var isKept: Bool { capacity > 0 }

    mutating func append(_ entry: Entry) {
        guard capacity > 0 else { return }
        if entries.count < capacity {
            entries.append(entry)
        } else {
            entries[next] = entry
            next = (next + 1) % capacity
        }
    }

    /// One JSON object a line.
    func write(into text: inout [UInt8]) {
        for offset in entries.indices {
            let entry = entries[(next + offset) % entries.count]
            text.append("{\"second\":")
            text.append(thousandths: entry.arrived / .seconds(1))
            text.append(",\"model\":\"")
            text.append(escaped: entry.model.utf8)
            text.append("\",\"prompt\":\"")
            text.append(hex: entry.prompt)
            text.append("\",\"status\":")
            text.append(decimal: entry.status)
            text.append(",\"outcome\":\"")
            text.append(text: entry.outcome.rawValue)
            text.append("\",\"attempt\":")
            text.append(decimal: entry.attempt)
            text.append(",\"wait_ms\":")
            text.append(thousandths: entry.waited / .milliseconds(1))
            text.append(",\"service_ms\":")
            text.append(thousandths: entry.served / .milliseconds(1))
            if let body = entry.body {
                text.append(",\"body\":")
                text.append(contentsOf: body)
            }
            text.append("}\n")
        }
    }
}
