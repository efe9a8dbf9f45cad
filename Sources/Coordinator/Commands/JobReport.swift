import JSON
import Store

/// What `status` shows of a job.
struct JobReport {
    let progress: JobProgress
    /// What its routes wait for, or are held back by.
    var heldBack: [String] = []

    /// The word for a job that ends as soon as its calls have; its state is still what it was.
    static let cancelling = "cancelling"

    var exit: Exit {
        switch progress.job.state {
        case .completed: progress.dropped > 0 ? .finishedWithDrops : .done
        case .cancelled, .failed: .failedOrCancelled
        case .paused: .paused
        case .queued, .running, .waiting: .stillRunning
        }
    }

    /// Records a second in the time that the job was running; zero before it began.
    var rate: Double {
        progress.runningSeconds > 0 ? Double(progress.completed + progress.dropped) / progress.runningSeconds : 0
    }

    /// Until its records are decided, should it go on as it did; nil while it does not run.
    var secondsLeft: Double? {
        guard progress.job.state == .running, progress.cancelling == nil, rate > 0, progress.pending > 0 else {
            return nil
        }
        return Double(progress.pending) / rate
    }

    /// The object of `status -o json`, schema `job/v1` (docs/operations.md).
    var json: JSONValue {
        let job = progress.job
        var object: JSONValue = [
            "schema": "job/v1", "id": .string(job.id.rawValue), "name": .string(job.name),
            "state": .string(job.state.rawValue), "stopping": .bool(progress.cancelling != nil),
            "reason": .string(progress.cancelling.map { "\(Self.cancelling): \($0.detail)" } ?? job.reason),
            "seed": .string(String(job.seed)),
            "records": [
                "requested": .integer(job.requested), "completed": .integer(progress.completed),
                "completed_with_nulls": .integer(progress.completedWithNulls),
                "dropped": .integer(progress.dropped), "pending": .integer(progress.pending),
                "cancelled": .integer(progress.cancelled),
            ],
            "rate_per_second": .number((rate * 10).rounded() / 10),
        ]
        guard case .object(var members) = object else { return object }
        if let secondsLeft { members["eta_seconds"] = .integer(Int64(secondsLeft)) }
        members["elapsed_seconds"] = .integer(Int64(progress.elapsedSeconds))
        members["priority"] = .integer(Int64(job.priority))
        if let left = job.secondsLeft { members["deadline_seconds"] = .integer(Int64(left)) }
        if let most = job.maximumTokens { members["max_tokens_total"] = .integer(most) }
        members["max_parallel"] = .object(caps)
        members["held_back"] = .array(heldBack.map { .string($0) })
        members["attempts"] = [
            "total": .integer(sum(\.calls)), "failed": .integer(sum(\.failed)), "wasted": .integer(sum(\.wasted)),
            "child_deaths": .integer(sum(\.childDeaths)),
        ]
        members["tokens"] = ["input": .integer(sum(\.inputTokens)), "output": .integer(sum(\.outputTokens))]
        members["columns"] = .array(progress.columns.map(json))
        members["drop_reasons"] = .array(
            progress.drops.map { drop in
                [
                    "column": .string(drop.column), "kind": .string(drop.kind), "records": .integer(drop.records),
                    "last_message": .string(drop.lastMessage),
                ]
            })
        object = .object(members)
        return object
    }

    private func json(_ column: JobProgress.Column) -> JSONValue {
        [
            "name": .string(column.name), "type": .string(column.kind), "model": .string(column.model),
            "stored": .integer(column.stored), "calls": .integer(column.calls), "failed": .integer(column.failed),
            "wasted": .integer(column.wasted), "child_deaths": .integer(column.childDeaths),
            "input_tokens": .integer(column.inputTokens), "output_tokens": .integer(column.outputTokens),
        ]
    }

    private func sum(_ path: KeyPath<JobProgress.Column, Int64>) -> Int64 {
        progress.columns.reduce(0) { $0 + $1[keyPath: path] }
    }

    /// By alias, as the job's own wishes set them.
    private var caps: JSONObject {
        (try? JSONValue(parsing: progress.job.maximumParallel))?.objectValue ?? [:]
    }

    /// What to call the state that the job is in.
    var state: String { progress.cancelling == nil ? progress.job.state.rawValue : Self.cancelling }

    /// Why the job is in its state, for a place behind that: it may begin with it.
    var reason: String {
        if let cancelling = progress.cancelling { return cancelling.detail }
        let (state, reason) = (progress.job.state.rawValue, progress.job.reason)
        return reason.hasPrefix("\(state) ") ? String(reason.dropFirst(state.count + 1)) : reason
    }

    /// The state with its reason and how long it has been held: `waiting for 42 s on nim/m (rate limit)`.
    private var stateText: String {
        if let cancelling = progress.cancelling {
            return "\(Self.cancelling) for \(Spell.duration(cancelling.seconds)): \(cancelling.detail)"
        }
        let held = progress.heldSeconds.map { " for \(Spell.duration($0))" } ?? ""
        let state = progress.job.state.rawValue + held
        if reason.isEmpty { return state }
        return reason == progress.job.reason ? "\(state): \(reason)" : "\(state) \(reason)"
    }

    /// One line for who waited: why the job is not complete, and what to type next; nil where it is, or goes on.
    var ending: String? {
        let job = progress.job
        return switch exit {
        case .finishedWithDrops:
            "job \(job.name): \(Grouped(progress.dropped)) of \(Grouped(job.requested)) records were dropped; "
                + "why: coordinator failures \(job.name); once more: coordinator retry \(job.name)"
        case .paused: "job \(job.name) is \(stateText)"
        case .failedOrCancelled:
            "job \(job.name) is \(stateText); what was complete: coordinator export \(job.name)"
        default: nil
        }
    }

    /// What was asked for that keeps the job within bounds.
    private var bounds: [String] {
        let job = progress.job
        var lines = ["  priority   \(job.priority)"]
        if let left = job.secondsLeft, !job.state.isEnded {
            lines.append("  deadline   " + (left > 0 ? "in \(Spell.duration(left))" : "passed"))
        }
        if let most = job.maximumTokens {
            let used = sum(\.inputTokens) + sum(\.outputTokens)
            lines.append("  budget     \(Grouped(used)) of \(Grouped(most)) tokens")
        }
        if !caps.isEmpty {
            let own = caps.map { "\($0.0)=\($0.1.serialized())" }.joined(separator: ", ")
            lines.append("  caps       \(own)")
        }
        return lines
    }

    /// One screen for a person.
    var lines: [String] {
        let job = progress.job
        var lines = [
            "job \(job.id.rawValue)  \(job.name)  \(stateText)",
            "  records    \(Grouped(job.requested)) requested = \(Grouped(progress.completed)) completed"
                + " + \(Grouped(progress.dropped)) dropped + \(Grouped(progress.pending)) pending"
                + (progress.completedWithNulls > 0
                    ? " (\(Grouped(progress.completedWithNulls)) of them with nulls)" : "")
                + (progress.cancelled > 0 ? " + \(Grouped(progress.cancelled)) cancelled" : ""),
            "  rate       \(Decimal(rate)) records/s",
        ]
        if let secondsLeft { lines.append("  left       about \(Spell.duration(secondsLeft))") }
        lines.append("  elapsed    \(Spell.duration(progress.elapsedSeconds))")
        lines += bounds
        lines += heldBack.map { "  \($0)" }
        let width = progress.columns.map(\.name.count).max() ?? 0
        for column in progress.columns {
            let name = column.name + String(repeating: " ", count: width - column.name.count)
            guard !column.model.isEmpty else {
                lines.append("  \(name)  \(column.kind)")
                continue
            }
            var line =
                "  \(name)  \(column.kind)  \(Grouped(column.stored)) stored  \(Spell.count(column.calls, "call"))"
            if column.failed > 0 { line += "  \(Grouped(column.failed)) failed" }
            if column.wasted > 0 { line += "  \(Grouped(column.wasted)) wasted" }
            if column.childDeaths > 0 { line += "  \(Grouped(column.childDeaths)) child deaths" }
            lines.append(line + "  \(column.model)")
        }
        for drop in progress.drops {
            lines.append(
                "  dropped    \(Grouped(drop.records)) for \(drop.kind) in \(drop.column): \(drop.lastMessage)")
        }
        return lines
    }
}

/// A number with commas between thousands.
struct Grouped: CustomStringConvertible {
    let value: Int64
    init(_ value: Int64) { self.value = value }

    var description: String {
        var digits = Array(String(value.magnitude))
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: place)
            place -= 3
        }
        return (value < 0 ? "-" : "") + String(digits)
    }
}

/// A number with one decimal.
struct Decimal: CustomStringConvertible {
    let value: Double
    init(_ value: Double) { self.value = value }

    var description: String {
        let tenths = Int64((value * 10).rounded())
        return "\(tenths / 10).\(abs(tenths % 10))"
    }
}
