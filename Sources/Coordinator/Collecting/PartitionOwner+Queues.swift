import AMQP
import BrokerLayout
import Logging
import Messages
import Scheduling

/// Looking at queues: what the broker lost, and routes that would expire.
extension PartitionOwner {
    static let routeLookInterval: Duration = .seconds(30)
    static let routeDeclareInterval: Duration = .seconds(600)
    static let answerLookInterval: Duration = .seconds(1)

    /// Each 30 s looks at the routes' queues, each second at those of which tasks may have been lost; asks for the
    /// emptiness of results and salvage where a task may be overdue.
    func lookAtQueues() async {
        await placeAgain()
        let now = ContinuousClock.now
        guard collector.overdue.count > 0 else { return }
        if lastDepthLook.duration(to: now) >= min(Self.routeLookInterval, environment.hold) {
            lastDepthLook = now
            collector.pruneOverdue()
            await look(at: Set(collector.routes.keys), now)
        }
        guard lastAnswerLook.duration(to: now) >= Self.answerLookInterval else { return }
        lastAnswerLook = now
        let suspects = collector.overdue.suspectRoutes
        if !suspects.isEmpty {
            collector.pruneOverdue()
            await look(at: suspects, now)
        }
        guard collector.overdue.hasCandidates(now: now) else { return }
        if await areAnswersRead() { collector.sendOverdueAgain(drained: now) }
    }

    private func look(at routes: Set<String>, _ now: ContinuousClock.Instant) async {
        for (key, route) in collector.routes where routes.contains(key) {
            do throws(AMQPError) {
                let depth = try await environment.publisher.inspect(queue: route.queue)
                if let depth {
                    collector.looked(at: key, ready: depth.readyMessages, now: .now)
                } else {
                    collector.queueWasLost(key, now: .now)
                    await declare(key)
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
