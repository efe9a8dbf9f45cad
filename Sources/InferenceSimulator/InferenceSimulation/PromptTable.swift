/// How often each prompt was tried and answered.
struct PromptTable {
    private struct Entry {
        var attempts: UInt32 = 0
        var answers: UInt32 = 0
    }

    private var entries: [UInt64: Entry] = [:]

    var count: Int { entries.count }

    /// Which attempt at this prompt begins: 1 for the first.
    mutating func begin(_ prompt: UInt64) -> Int {
        entries[prompt, default: Entry()].attempts += 1
        return Int(entries[prompt]?.attempts ?? 1)
    }

    /// Counts a good answer; true if there was one before.
    mutating func answer(_ prompt: UInt64) -> Bool {
        entries[prompt, default: Entry()].answers += 1
        return (entries[prompt]?.answers ?? 1) > 1
    }
}
