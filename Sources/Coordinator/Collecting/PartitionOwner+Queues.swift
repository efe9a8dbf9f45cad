import AMQP
import BrokerLayout
import Logging
import Messages
import Scheduling

/// Looking at queues: what the broker lost, and routes that would expire.
extension PartitionOwner {
    static let routeLookInterval: Duration = .seconds(30)
    static let suspectLookInterval: Duration = .seconds(1)
    static let routeDeclareInterval: Duration = .seconds(600)
    static let answerLookInterval: Duration = .seconds(1)

    /// Each 30 s, each second after a loss, looks at the routes' queues; asks for the emptiness of results and salvage where a task may be
    /// overdue.
    func lookAtQueues() async {
        await placeAgain()
        let now = ContinuousClock.now
        guard collector.overdue.count > 0 else { return }
        let interval = collector.overdue.hasSuspects ? Self.suspectLookInterval : Self.routeLookInterval
        if lastDepthLook.duration(to: now) >= min(interval, environment.hold) {
            lastDepthLook = now
            collector.pruneOverdue()
            await lookAtRoutes(now)
        }
        guard collector.overdue.hasCandidates(now: now),
            lastAnswerLook.duration(to: now) >= Self.answerLookInterval
        else { return }
        lastAnswerLook = now
        if await areAnswersRead() { collector.sendOverdueAgain(drained: now) }
    }

    private func lookAtRoutes(_ now: ContinuousClock.Instant) async {
        for (key, route) in collector.routes {
            do throws(AMQPError) {
                let depth = try await environment.publisher.inspect(queue: route.queue)
                if let depth {
                    collector.overdue.looked(at: key, ready: depth.readyMessages, now: .now)
                } else {
                    collector.queueWasLost(key, now: .now)
                }
            } catch {
                logger.debug("cannot look at a route", metadata: ["route": "\(key)", "error": "\(error)"])
            }
        }
        if lastRouteLook.duration(to: now) >= Self.routeDeclareInterval {
            lastRouteLook = now
            for key in collector.routes.keys { await declare(key) }
        }
    }

    /// True when results and salvage have nothing ready, and nothing of theirs is in hand: all that had been answered
    /// before this look began is committed.
    private func areAnswersRead() async -> Bool {
        for queue in [Topics.resultsQueue(partition: partition), Topics.salvageQueue(partition: partition)] {
            let depth = try? await environment.publisher.inspect(queue: queue)
            guard let depth, depth.readyMessages == 0 else { return false }
        }
        return results.isEmpty && salvage.isEmpty && inbox.isEmpty
    }
}
