import JSON
import Scheduling
import Testing
import Workflow

@testable import Collecting
@testable import Store

/// The tables of one job, changed by `TurnWrites` as PostgreSQL changes them, with their constraints.
struct SimulatedDatabase {
    struct Group {
        let records: Range<Int64>
        var isFinished = false
        /// A retry opened it, and nobody has it in hand.
        var isReopened = false
        var counts = RecordCounts(completed: 0, completedWithNulls: 0, dropped: 0)
        var cancelled = 0
    }

    var job: Job
    var generation: Int64 = 1
    private(set) var commands: [OpenCommand] = []
    private(set) var values: [Cell: StoredValue] = [:]
    private(set) var attempts: [Cell: Int] = [:]
    private(set) var dropped: [Int64: String] = [:]
    private(set) var complete: [Int64: String] = [:]
    private(set) var cancelled: Set<Int64> = []
    private(set) var groups: [Int: Group] = [:]
    private(set) var usage: [Int: UsageDelta] = [:]
    private var forgiven: [Cell: Int] = [:]
    private var retryAt: [Cell: ContinuousClock.Instant] = [:]
    private var log: [Int: [LogEntry]] = [:]
    private var lastCommand: Int64 = 0

    init(job: Job) { self.job = job }

    mutating func wish(_ kind: String) {
        lastCommand += 1
        commands.append(OpenCommand(id: lastCommand, kind: kind, arguments: "{}"))
    }

    mutating func apply(_ writes: TurnWrites, now: ContinuousClock.Instant) {
        for (key, records) in writes.admitted {
            #expect(groups[key.group] == nil, "a row group was admitted twice")
            groups[key.group] = Group(records: records)
        }
        for key in writes.takenInHand {
            #expect(groups[key.group]?.isReopened == true, "a row group was taken in hand that was not open again")
            groups[key.group]?.isReopened = false
        }
        for value in writes.values {
            #expect(values[value.cell] == nil, "a second value was stored")
            #expect(dropped[value.cell.record] == nil, "a value was stored for a dropped record")
            values[value.cell] = value
        }
        for failure in writes.failures {
            #expect(failure.attempt == (attempts[failure.cell] ?? 0) + 1, "an attempt was charged twice, or left out")
            attempts[failure.cell] = failure.attempt
            retryAt[failure.cell] = failure.retryAfter.map { now.advanced(by: $0) }
        }
        for drop in writes.drops {
            #expect(dropped[drop.cell.record] == nil, "a record was dropped twice")
            dropped[drop.cell.record] = drop.kind
        }
        for entry in writes.log { log[entry.group, default: []].append(entry) }
        for (key, counts) in writes.counts { groups[key.group]?.counts = counts }
        for group in writes.finished {
            let known = groups[group.group]
            #expect(known?.isFinished == false && known?.isReopened == false, "it ended twice, or is in nobody's hand")
            groups[group.group]?.isFinished = true
            groups[group.group]?.cancelled = group.cancelled.count
            for (record, fields) in group.complete {
                #expect(complete[record] ?? fields == fields, "a complete record was changed")
                complete[record] = fields
            }
            cancelled.formUnion(group.cancelled)
            log[group.group] = nil
        }
        for (key, delta) in writes.usage { usage[key.column, default: .init()].add(delta) }
        for (_, state, reason) in writes.states {
            job.state = state
            job.reason = reason
        }
        if !writes.abandoned.isEmpty { abandon() }
        for case .retry in writes.changes { retry() }
        if !writes.stopping.isEmpty { job.isStopping = true }
        let done = Set(writes.answeredCommands.map(\.id))
        commands.removeAll { done.contains($0.id) }
    }

    private mutating func retry() {
        let records = Set(dropped.keys)
        dropped = [:]
        for (cell, count) in attempts where records.contains(cell.record) { forgiven[cell] = count }
        for (ordinal, group) in groups {
            let again = group.records.count { records.contains($0) }
            guard again > 0 else { continue }
            let counts = group.counts
            groups[ordinal]?.counts = RecordCounts(
                completed: counts.completed, completedWithNulls: counts.completedWithNulls,
                dropped: counts.dropped - again)
            groups[ordinal]?.isReopened = group.isFinished || group.isReopened
            groups[ordinal]?.isFinished = false
            log[ordinal] = log[ordinal]?.map { $0.spared(records) }
        }
        if job.state == .completed, groups.values.contains(where: { !$0.isFinished }) { job.state = .running }
    }

    private mutating func abandon() {
        for (ordinal, group) in groups where group.isReopened {
            let pending = group.records.filter { complete[$0] == nil && dropped[$0] == nil }
            cancelled.formUnion(pending)
            groups[ordinal]?.cancelled = pending.count
            groups[ordinal]?.isReopened = false
            groups[ordinal]?.isFinished = true
        }
    }

    // MARK: Reading

    var activeGroups: [Int] { groups.filter { !$0.value.isFinished && !$0.value.isReopened }.keys.sorted() }

    private var reopenedGroups: [Int] { groups.filter(\.value.isReopened).keys.sorted() }

    var storedJob: StoredJob {
        StoredJob(
            job: job, active: activeGroups, reopened: reopenedGroups,
            finishedGroups: groups.values.count(where: \.isFinished),
            nextGroup: (groups.keys.max() ?? -1) + 1, tokens: 0, openCommands: commands)
    }

    func storedGroup(_ group: Int, now: ContinuousClock.Instant) -> StoredGroup {
        let records = groups[group]?.records ?? 0..<0
        var recovered = RecoveredGroup(job: job.number, group: group)
        var stored: [RecoveredValue] = []
        for (cell, value) in values where records.contains(cell.record) {
            recovered.values.append((cell.record, cell.column))
            if value.origin.finishReason == StoredValue.givenUp { recovered.withNulls.append(cell.record) }
            stored.append(
                RecoveredValue(record: cell.record, column: cell.column, text: value.text, isJSON: value.isJSON))
        }
        recovered.dropped = dropped.keys.filter(records.contains).sorted()
        recovered.failures = attempts.filter { records.contains($0.key.record) }.map { cell, count in
            let wait = forgiven[cell] == count ? .zero : retryAt[cell].map { now.duration(to: $0) } ?? .zero
            return (cell.record, cell.column, count, forgiven[cell] ?? 0, max(.zero, wait))
        }
        recovered.log = log[group] ?? []
        return StoredGroup(recovered: recovered, values: stored)
    }

    /// requested = completed + dropped + cancelled + pending, by what each group says.
    func checkCounts() {
        for (number, group) in groups {
            let decided = group.counts.completed + group.counts.dropped + group.cancelled
            #expect(decided <= group.records.count, "row group \(number) counts more records than it has")
            #expect(group.counts.dropped == dropped.keys.count { group.records.contains($0) })
            guard group.isFinished else { continue }
            #expect(decided == group.records.count, "row group \(number) ended with records that are not decided")
            #expect(group.counts.completed == complete.keys.count { group.records.contains($0) })
        }
    }
}

extension LogEntry {
    /// A retry forgives deaths.
    fileprivate func spared(_ spared: Set<Int64>) -> LogEntry {
        guard case .ended(let number, let job, let group, let column, let records, .died) = self,
            !spared.isDisjoint(with: records)
        else { return self }
        return .ended(number, job: job, group: group, column: column, records: records, because: .answered)
    }

    fileprivate var group: Int {
        switch self {
        case .sent(let sent): sent.group
        case .confirmed(_, _, let group), .ended(_, _, let group, _, _, _), .conversation(_, _, let group, _, _, _):
            group
        }
    }
}

extension Job {
    /// Two models; a column that needs another through an expression, and one that is left out of some records.
    static func simulated(
        keepsFailed: Bool, records: Int64 = 23, groupSize: Int = 5,
        runConfig: String = #"{"disable_early_shutdown": true}"#
    ) -> Job {
        // An expression that renders to nothing fails its cell; in the place of which its users get null.
        let text =
            keepsFailed
            ? workflowText.replacing(
                "{{ title | upper }}", with: "{% if topic != 'music' %}{{ title | upper }}{% endif %}")
            : workflowText
        var job = Job.unstored(
            workflow: text, fingerprint: "", seed: 7, generatorVersion: 1, records: records, runConfig: runConfig)
        job = Job(
            number: job.number, id: job.id, name: job.name, partition: 0, storage: 0, workflow: job.workflow,
            fingerprint: "", seed: job.seed, generatorVersion: job.generatorVersion, requested: records,
            groupSize: groupSize,
            priority: 4, salvageMaximumRounds: 2, maximumParallel: "{}", runConfig: job.runConfig,
            keepsFailed: keepsFailed, formerEnds: [8], secondsLeft: nil, maximumTokens: nil, state: .queued, reason: "",
            seedData: nil, isStopping: false)
        return job
    }

    private static let workflowText = """
        {"columns": [
          {"name": "id", "column_type": "sampler", "sampler_type": "uuid", "params": {}},
          {"name": "topic", "column_type": "sampler", "sampler_type": "category",
           "params": {"values": ["garden", "kitchen", "music"]}},
          {"name": "title", "column_type": "llm-text", "model_alias": "quick", "prompt": "T {{ id }}"},
          {"name": "body", "column_type": "llm-text", "model_alias": "quick", "prompt": "B {{ id }} {{ topic }}"},
          {"name": "label", "column_type": "expression", "expr": "{{ title | upper }}"},
          {"name": "review", "column_type": "llm-text", "model_alias": "thorough",
           "prompt": "R {{ label }} {{ body }}"},
          {"name": "aside", "column_type": "llm-text", "model_alias": "thorough", "prompt": "A {{ title }}",
           "skip": {"when": "{{ topic == 'kitchen' }}"}}
        ],
        "model_configs": [
          {"alias": "quick", "model": "fast", "provider": "p", "inference_parameters": {"max_parallel_requests": 6}},
          {"alias": "thorough", "model": "slow", "provider": "p", "inference_parameters": {"max_parallel_requests": 3}}
        ]}
        """
}
