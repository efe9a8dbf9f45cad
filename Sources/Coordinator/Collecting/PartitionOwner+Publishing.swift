import AMQP
import BrokerLayout
import CrashPoints
import Logging
import Messages
import Scheduling

extension PartitionOwner {
    /// Publishes what a committed transaction sent. False when there was nothing.
    func publish(_ sends: [Sent]) -> Bool {
        guard let connection = placement.connection, !sends.isEmpty else { return false }
        var messages: [TaskMessage] = []
        for sent in sends {
            guard let tasks = collector.tasks(for: sent, partition: partition, now: .now) else {
                logger.error("a cell was sent without its inputs", metadata: ["code": "state_diverged"])
                needsRecovery = true
                continue
            }
            placement.publishing(sent, messages: tasks.count, connection: connection)
            messages += tasks
        }
        place(messages, connection: connection)
        return true
    }

    private func place(_ messages: [TaskMessage], connection: Int) {
        environment.publisher.publish(messages.map(\.message)) { [inbox] outcomes in
            inbox.put(.published(messages, outcomes, connection: connection))
        }
        crash.afterPublishBeforeConfirm.pass()
    }

    /// Creates queues that the broker lost, and publishes again what it refused.
    func placeAgain() async {
        guard let retry = placement.takeRetry(at: .now) else { return }
        for route in retry.lostRoutes {
            await declare(route)
            collector.queueWasLost(route, now: .now)
        }
        // Another connection since: the recovery publishes them.
        guard placement.connection == retry.connection else { return }
        place(retry.messages, connection: retry.connection)
    }

    /// Declares the queue of a route; what fails is found again by the next returned message.
    func declare(_ key: String) async {
        guard let route = collector.routes[key] else { return }
        do throws(AMQPError) {
            try await environment.publisher.declare(BrokerLayout.route(route))
            declaredRoutes.insert(key)
        } catch {
            logger.warning("cannot declare a route", metadata: ["route": "\(key)", "error": "\(error)"])
        }
    }
}
