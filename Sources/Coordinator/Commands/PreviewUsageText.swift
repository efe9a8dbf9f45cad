import Messages
import Previewing

/// What a preview's calls came to, a line a model.
enum PreviewUsageText {
    static func lines(_ machine: PreviewStateMachine) -> [String] {
        machine.usage.sorted { $0.key < $1.key }.map { _, usage in
            let failed = usage.failed > 0 ? ", \(Grouped(Int64(usage.failed))) failed" : ""
            let calls = usage.calls == 1 ? "1 call" : "\(Grouped(Int64(usage.calls))) calls"
            return "\(usage.provider)/\(usage.model): \(calls)\(failed), "
                + "\(Grouped(Int64(usage.inputTokens))) tokens in, \(Grouped(Int64(usage.outputTokens))) out"
        }
    }
}
