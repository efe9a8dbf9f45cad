import Collecting
import Previewing
import Store
import Workflow

/// A preview's progress on stderr: bars on a terminal, nothing elsewhere.
final class PreviewProgress: Sendable {
    private struct State {
        var drawnLines = 0
        var last: ContinuousClock.Instant?
    }

    private let isShown: Bool
    private let state = StateBox()

    init(isShown: Bool) { self.isShown = isShown }

    /// From the preview's thread; drawn at most ten times a second.
    func show(_ machine: PreviewStateMachine) {
        guard isShown else { return }
        let now = ContinuousClock.now
        guard state.isDue(now) || machine.isFinished else { return }
        let workflow = machine.blueprint.workflow
        let records = Int(machine.blueprint.job.requested)
        let models = workflow.columns.indices.filter { workflow.columns[$0].isMadeByWorkers }
        let width = models.map { workflow.columns[$0].name.count }.max() ?? 0
        let lines = models.map { place in
            ProgressPrinter.row(workflow.columns[place].name, width, Int64(machine.made[place]), Int64(records))
        }
        Talk.raw(state.up + lines.map { "\u{1b}[2K\($0)\n" }.joined())
        state.drew(lines.count)
    }

    private final class StateBox: @unchecked Sendable {
        // SAFETY: touched on the preview's thread only, which calls `show`.
        private var state = State()

        func isDue(_ now: ContinuousClock.Instant) -> Bool {
            if let last = state.last, last.duration(to: now) < .milliseconds(100) { return false }
            state.last = now
            return true
        }

        var up: String { state.drawnLines > 0 ? "\u{1b}[\(state.drawnLines)A" : "" }

        func drew(_ lines: Int) { state.drawnLines = lines }
    }
}
