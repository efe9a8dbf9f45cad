import AMQP
import BrokerLayout
import CrashPoints
import FoundationEssentials
import JSON
import Logging
import Messages
import Scheduling
import Store

extension PartitionOwner {
    /// Cells in one task: one, unless the route's calls are so short that messages would cost more than they.
    static let mostCellsInTask = 16
    static let taskBytes = 256 << 10

    /// Publishes what a committed transaction sent.
    func publish(_ sends: [Sent]) {
        guard let connection = publisherConnection, !sends.isEmpty else { return }
        var messages: [TaskMessage] = []
        for sent in sends {
            let tasks = self.messages(for: sent)
            publications.publishing(sent, messages: tasks.count, connection: connection)
            overdue.sent(sent)
            messages += tasks
        }
        place(messages, connection: connection)
    }

    private func place(_ messages: [TaskMessage], connection: Int) {
        environment.publisher.publish(messages.map(\.message)) { [inbox] outcomes in
            inbox.put(.published(messages, outcomes, connection: connection))
        }
        crash.afterPublishBeforeConfirm.pass()
    }

    /// The broker's answers to one publish call.
    func published(_ messages: [TaskMessage], _ outcomes: [PublishOutcome], connection: Int) {
        var confirms: [DispatchNumber: Int] = [:]
        for (message, outcome) in zip(messages, outcomes) {
            switch outcome {
            case .confirmed: confirms[message.number, default: 0] += 1
            case .refused: unplaced.append(message)
            case .returned(let code, let text):
                unplaced.append(message)
                // 312: nothing is bound, 404: there is no such exchange. The rest is not mended by declaring.
                if code == 312 || code == 404 {
                    missingRoutes.insert(message.route)
                } else {
                    logger.error(
                        "the broker takes no task",
                        metadata: ["route": "\(message.route)", "reason": "\(code) \(text)"])
                }
            case .lost: needsRecovery = true
            }
        }
        for (number, count) in confirms {
            publications.gotConfirms(number, messages: count, connection: connection)
        }
    }

    /// Creates queues that the broker lost, and publishes again what it refused.
    func placeAgain() async {
        let now = ContinuousClock.now
        guard let connection = publisherConnection, !unplaced.isEmpty,
            lastPlacement.duration(to: now) >= .milliseconds(100)
        else { return }
        lastPlacement = now
        for route in missingRoutes {
            await declare(route)
            queueWasLost(route)
        }
        missingRoutes = []
        let messages = unplaced
        unplaced = []
        place(messages, connection: connection)
    }

    /// Declares the queue of a route; what fails is found again by the next returned message.
    func declare(_ key: String) async {
        guard let route = routes[key] else { return }
        do throws(AMQPError) {
            try await environment.publisher.declare(BrokerLayout.route(route))
            declaredRoutes.insert(key)
        } catch {
            logger.warning("cannot declare a route", metadata: ["route": "\(key)", "error": "\(error)"])
        }
    }

    private func messages(for sent: Sent) -> [TaskMessage] {
        guard let job = jobs[sent.job], case .model(let column) = job.blueprint.makers[sent.column] else { return [] }
        let key = JobGroup(job: sent.job, group: sent.group)
        let most = cellsInTask(sent.route)
        var messages: [TaskMessage] = []
        var task = emptyTask(sent, column: column, job: job.blueprint.job.id.rawValue)
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
                tables[key]?[record, $0] ?? ($0 < job.blueprint.makers.count ? nil : JSONValue.null)
            }
            guard inputs.count == column.inputs.count else {
                // Never by the rules; a prompt with holes would be answered, and the answer kept.
                logger.error("a cell was sent without its inputs", metadata: ["code": "state_diverged"])
                needsRecovery = true
                continue
            }
            cell.inputs = inputs.map { WireValue($0) }
            let size = cell.inputs.reduce(0) { $0 + $1.bytes }
            let place = Cell(job: sent.job, record: record, column: sent.column)
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

    private func emptyTask(_ sent: Sent, column: JobBlueprint.ModelColumn, job: String) -> WireTask {
        var task = WireTask()
        task.partition = UInt32(partition)
        task.job = job
        task.generation = sent.number.generation
        task.sequence = sent.number.sequence
        task.column = UInt32(sent.column)
        task.spec = .init(column.specHash)
        return task
    }

    /// As many cells as are called in about 20 ms one after another; without a measurement one.
    private func cellsInTask(_ route: String) -> Int {
        guard let mean = board.meanCalls[route] else { return 1 }
        return max(1, min(Self.mostCellsInTask, Int(.milliseconds(20) / max(mean, .milliseconds(1)))))
    }
}

extension WireValue {
    fileprivate var bytes: Int {
        switch kind {
        case .text(let text), .json(let text): text.utf8.count
        case nil: 0
        }
    }
}
