import AMQP
import CellValues
import FoundationEssentials
import JSON
import Messages
import Scheduling
import Store

/// The messages of what is sent.
extension Collector {
    /// Cells in one task: one, unless the route's calls are so short that messages would cost more than they.
    static let mostCellsInTask = 16
    static let taskBytes = 256 << 10

    /// The tasks of an entry of the log; they are published now.
    ///
    /// - Returns: nil when an input is not there. That never happens by the rules: this copy is wrong. A prompt with
    ///   holes would be answered, and the answer kept.
    mutating func tasks(
        for sent: Sent, partition: Int, now: ContinuousClock.Instant
    ) -> [TaskMessage]? {
        overdue.sent(sent, at: now)
        guard let blueprint = jobs[sent.job]?.blueprint, case .model(let column) = blueprint.makers[sent.column],
            let table = tables[JobGroup(job: sent.job, group: sent.group)]
        else { return [] }
        let most = column.batchSize > 1 ? column.batchSize : cellsInTask(sent.route)
        var messages: [TaskMessage] = []
        var task = WireTask(sent, of: blueprint.job.id, spec: column.specHash, partition: partition)
        var bytes = 0
        func close() {
            guard !task.cells.isEmpty else { return }
            let message = OutgoingMessage(exchange: Topics.tasks, routingKey: column.route.key, body: task.encoded())
            messages.append(TaskMessage(number: sent.number, route: sent.route, message: message))
            task.cells.removeAll(keepingCapacity: true)
            bytes = 0
        }
        for (record, attempt) in zip(sent.records, sent.attempts) {
            var cell = WireTaskCell()
            cell.record = record
            cell.attempt = UInt32(attempt)
            // Beyond the columns stand their side effects, which a column that was left out does not have.
            let inputs = column.inputs.compactMap {
                table[record, $0] ?? ($0 < blueprint.makers.count ? nil : JSONValue.null)
            }
            guard inputs.count == column.inputs.count else { return nil }
            cell.inputs = inputs.map { WireValue($0) }
            let size = cell.inputs.reduce(0) { $0 + $1.bytes }
            let place = Cell(job: sent.job, record: record, column: sent.column)
            if size > WireValue.largestBytes {
                oversized.append(place)
                continue
            }
            cell.requeues = UInt32(clamping: scheduler.requeues(of: place))
            if let kept = scheduler.conversation(of: place) { cell.conversation = WireConversation(kept: kept) }
            if scheduler.mustBeAlone(place) {
                close()
                task.alone = true
                task.cells.append(cell)
                close()
                task.alone = false
                continue
            }
            if task.cells.count == most || (bytes + size > Self.taskBytes && !task.cells.isEmpty) { close() }
            task.cells.append(cell)
            bytes += size
        }
        close()
        return messages
    }

    /// As many cells as are called in about 20 ms one after another; without a measurement one.
    private func cellsInTask(_ route: String) -> Int {
        guard let mean = board.meanCalls[route] else { return 1 }
        return max(1, min(Self.mostCellsInTask, Int(.milliseconds(20) / max(mean, .milliseconds(1)))))
    }
}

extension WireTask {
    fileprivate init(_ sent: Sent, of job: JobID, spec: [UInt8], partition: Int) {
        self.init()
        self.partition = UInt32(partition)
        self.job = job.rawValue
        generation = sent.number.generation
        sequence = sent.number.sequence
        column = UInt32(sent.column)
        self.spec = .init(spec)
    }
}
