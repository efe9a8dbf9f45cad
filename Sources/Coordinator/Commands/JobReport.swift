import JSON
import Store

/// What `status` shows of a job.
struct JobReport {
    let progress: JobProgress
    let drops: [DropReason]
    /// What its routes wait for, or are held back by.
    var heldBack: [String] = []

    var exit: Exit {
        switch progress.job.state {
        case .completed: progress.dropped > 0 ? .finishedWithDrops : .done
        case .cancelled, .failed: .failedOrCancelled
        case .paused: .paused
        case .queued, .running, .waiting: .stillRunning
        }
    }

    /// Records a second over the job's life; zero before it began.
    var rate: Double {
        progress.runningSeconds > 0 ? Double(progress.completed + progress.dropped) / progress.runningSeconds : 0
    }

    /// The object of `status -o json`, schema `job/v1` (docs/operations.md).
    var json: JSONValue {
        let job = progress.job
        var object: JSONValue = [
            "schema": "job/v1", "id": .string(job.id.rawValue), "name": .string(job.name),
            "state": .string(job.state.rawValue), "reason": .string(job.reason), "seed": .string(String(job.seed)),
            "records": [
                "requested": .integer(job.requested), "completed": .integer(progress.completed),
                "completed_with_nulls": .integer(progress.completedWithNulls),
                "dropped": .integer(progress.dropped), "pending": .integer(progress.pending),
                "cancelled": .integer(progress.cancelled),
            ],
            "rate_per_second": .number((rate * 10).rounded() / 10),
        ]
        guard case .object(var members) = object else { return object }
        if rate > 0, progress.pending > 0, !job.state.isEnded {
            members["eta_seconds"] = .integer(Int64(Double(progress.pending) / rate))
        }
        members["held_back"] = .array(heldBack.map { .string($0) })
        members["attempts"] = [
            "total": .integer(sum(\.calls)), "failed": .integer(sum(\.failed)), "wasted": .integer(sum(\.wasted)),
            "child_deaths": .integer(sum(\.childDeaths)),
        ]
        members["tokens"] = ["input": .integer(sum(\.inputTokens)), "output": .integer(sum(\.outputTokens))]
        members["columns"] = .array(progress.columns.map(json))
        members["drop_reasons"] = .array(
            drops.map { drop in
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

    /// Why the job is in its state, for a place behind that: it may begin with it.
    var reason: String {
        let (state, reason) = (progress.job.state.rawValue, progress.job.reason)
        return reason.hasPrefix("\(state) ") ? String(reason.dropFirst(state.count + 1)) : reason
    }

    /// The state with its reason and how long it has been held: `waiting for 42 s on nim/m (rate limit)`.
    private var stateText: String {
        let held = progress.heldSeconds.map { " for \(Spell.duration($0))" } ?? ""
        let state = progress.job.state.rawValue + held
        if reason.isEmpty { return state }
        return reason == progress.job.reason ? "\(state): \(reason)" : "\(state) \(reason)"
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
        if rate > 0, progress.pending > 0, !job.state.isEnded {
            lines.append("  left       about \(Int(Double(progress.pending) / rate)) s")
        }
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
        for drop in drops {
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
