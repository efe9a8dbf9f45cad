/// Notices that a column fails too often to go on: most likely its prompt, schema or model is wrong.
///
/// Data Designer's rule (RunConfig: `shutdown_error_rate`, `shutdown_error_window`, `disable_early_shutdown`) over
/// failures that no retry mends. It is judged when the window of a column's last outcomes is full, or when the column
/// has no cell left; so a few bad rows at the front of a large job do not stop it. Outcomes are in memory only: what
/// came before a takeover is not known, and then the few that came since are no window to judge by.
package struct EarlyShutdown: Sendable {
    package struct Rule: Sendable, Hashable {
        /// The part of the window that may fail, 0 to 1; more pauses the job.
        package let rate: Double
        /// How many outcomes are judged.
        package let window: Int

        /// - Parameter window: what the user set; nil: 20 % of the records, at least Data Designer's 10, at most 5,000.
        package init(rate: Double = 0.5, window: Int? = nil, records: Int64) {
            self.rate = rate
            self.window = max(1, window ?? Int(min(5000, max(10, records / 5))))
        }
    }

    /// Why a job is to be paused.
    package struct Verdict: Sendable, Hashable {
        package let column: Int
        package let failures: Int
        package let outcomes: Int
        package let rate: Double
        /// What the last failure said.
        package let cause: String
    }

    private struct Column: Sendable {
        var outcomes: [Bool] = []
        /// Where the oldest outcome stands once the window is full.
        var oldest = 0
        var failures = 0
        var cause = ""

        mutating func note(_ failed: Bool, _ cause: String, window: Int) {
            if outcomes.count < window {
                outcomes.append(failed)
            } else {
                if outcomes[oldest] { failures -= 1 }
                outcomes[oldest] = failed
                oldest = (oldest + 1) % window
            }
            guard failed else { return }
            failures += 1
            self.cause = cause
        }
    }

    package let rule: Rule
    /// Every outcome since the job began was noted here.
    private var isWhole: Bool
    private var columns: [Int: Column] = [:]

    /// - Parameter isWhole: false: the job has outcomes that will not be noted, and its columns are judged by full
    ///   windows only.
    package init(_ rule: Rule, isWhole: Bool = true) {
        self.rule = rule
        self.isWhole = isWhole
    }

    /// A cell of the column has its value, or has failed for good.
    ///
    /// - Parameter cause: what the failure says.
    /// - Returns: the verdict that pauses the job, once the window is full and too much of it failed.
    package mutating func note(column: Int, failed: Bool, cause: String = "") -> Verdict? {
        columns[column, default: Column()].note(failed, cause, window: rule.window)
        guard let state = columns[column], state.outcomes.count == rule.window else { return nil }
        return verdict(column, state)
    }

    /// The column has no cell left: what there is of its window is judged.
    package func ended(column: Int) -> Verdict? {
        guard isWhole else { return nil }
        return columns[column].flatMap { verdict(column, $0) }
    }

    /// Begins anew: the job was resumed.
    package mutating func reset() {
        columns = [:]
        isWhole = false
    }

    private func verdict(_ column: Int, _ state: Column) -> Verdict? {
        guard !state.outcomes.isEmpty, Double(state.failures) > rule.rate * Double(state.outcomes.count) else {
            return nil
        }
        return Verdict(
            column: column, failures: state.failures, outcomes: state.outcomes.count, rate: rule.rate,
            cause: state.cause)
    }
}

extension EarlyShutdown.Verdict {
    /// The arithmetic and the cause, for a person.
    package func sentence(column name: String) -> String {
        let percent = Int((100 * Double(failures) / Double(outcomes)).rounded())
        let allowed = Int((100 * rate).rounded())
        let arithmetic =
            "\(failures) of the last \(outcomes) cells of \"\(name)\" failed for good: \(percent) %, more than \(allowed) %"
        return cause.isEmpty ? arithmetic : "\(arithmetic); the last: \(cause)"
    }
}
