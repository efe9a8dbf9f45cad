import Glibc

/// Prompts at which a test may have a process die, as one would that a model's answer breaks.
///
/// The environment variable `TESSERA_CRASH_ON` holds lines `kill:MARKER` (SIGKILL, as a defect in C would end it) or
/// `memory:MARKER` (it takes memory until there is no more, or 4 GiB). It is read once; without it there are none.
package struct PromptFaults: Sendable {
    enum Kind: String, Sendable { case kill, memory }

    let faults: [(kind: Kind, marker: String)]

    /// Nil in every normal run.
    package static let ofThisProcess: PromptFaults? = getenv("TESSERA_CRASH_ON").flatMap {
        PromptFaults(String(cString: $0))
    }

    /// Nil when no line of it can be read.
    init?(_ text: String) {
        faults = text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])) else { return nil }
            return (kind, String(parts[1]))
        }
        if faults.isEmpty { return nil }
    }

    /// Does not return when a marker is in the text.
    package func pass(_ text: String) {
        guard let fault = kind(for: text) else { return }
        if fault == .memory { Self.takeMemory() }
        kill(getpid(), SIGKILL)
        while true { pause() }
    }

    func kind(for text: String) -> Kind? { faults.first { text.contains($0.marker) }?.kind }

    /// Until malloc refuses: nothing is written into it, so that a machine without a limit does not suffer.
    private static func takeMemory() {
        for _ in 0..<64 where malloc(64 << 20) == nil { abort() }
    }
}
