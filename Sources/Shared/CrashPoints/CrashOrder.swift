import Glibc
import Synchronization

/// What `TESSERA_CRASH_AT` asks for: the point's name and which of its passages.
final class CrashOrder: Sendable {
    let name: String
    /// From 1.
    let passage: Int
    private let passed = Atomic(0)

    static let ofThisProcess: CrashOrder? = getenv("TESSERA_CRASH_AT").flatMap { CrashOrder(String(cString: $0)) }

    /// Nil for an empty text. A passage that is not a positive number counts as the first, so that a typing error in a
    /// test kills early instead of never.
    init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard let name = parts.first else { return nil }
        self.name = String(name)
        passage = max(1, parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
    }

    /// Counts one passage, and says whether it is the one to die at.
    func countPassage() -> Bool {
        passed.add(1, ordering: .relaxed).newValue == passage
    }
}
