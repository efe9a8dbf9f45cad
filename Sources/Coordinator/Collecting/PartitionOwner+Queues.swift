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
    static let lossEchoes: Duration = .seconds(5)
    /// From then on the job says so.
    static let lossesToTell = 5

    /// Each 30 s looks at the routes' queues; asks for the emptiness of results and salvage where a task may be
    /// overdue.
    func lookAtQueues() async {
        await placeAgain()
        let now = ContinuousClock.now
        guard overdue.count > 0 else { return }
        if lastDepthLook.duration(to: now) >= min(Self.routeLookInterval, environment.hold) {
            lastDepthLook = now
            overdue.prune { scheduler.isAnyOut($0) }
            await lookAtRoutes(now)
        }
        guard overdue.hasCandidates(now: now), lastAnswerLook.duration(to: now) >= Self.answerLookInterval else {
            return
        }
        lastAnswerLook = now
        if await areAnswersRead() { takeOverdue(drained: now) }
    }

    private func lookAtRoutes(_ now: ContinuousClock.Instant) async {
        let used = Set(jobs.values.flatMap(\.blueprint.plan.routes))
        for route in used {
            guard let known = routes[route] else { continue }
            do throws(AMQPError) {
                let depth = try await environment.publisher.inspect(queue: known.queue)
                looked(at: route, ready: depth?.readyMessages)
            } catch {
                logger.debug("cannot look at a route", metadata: ["route": "\(route)", "error": "\(error)"])
            }
        }
        if lastRouteLook.duration(to: now) >= Self.routeDeclareInterval {
            lastRouteLook = now
            for route in used { await declare(route) }
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

    func looked(at route: String, ready: Int?) {
        if let ready {
            overdue.looked(at: route, ready: ready, now: .now)
        } else {
            queueWasLost(route)
        }
    }

    /// What was in the queue is sent again as soon as results and salvage are read to their end; what the broker
    /// returned is published again anyway.
    ///
    /// The loss may be heard of twice, from a returned message and from workers; what was placed between is not lost.
    func queueWasLost(_ route: String) {
        let now = ContinuousClock.now
        guard routes[route] != nil,
            lossesNoted[route].map({ $0.duration(to: now) > Self.lossEchoes }) ?? true
        else { return }
        lossesNoted[route] = now
        logger.warning("the broker lost a route's queue", metadata: ["event": "route_lost", "route": "\(route)"])
        overdue.queueWasLost(route, except: Set(unplaced.map(\.number)))
    }

    func takeOverdue(drained: ContinuousClock.Instant) {
        for sent in overdue.takeOverdue(drained: drained) {
            let lost = scheduler.overdue(sent)
            guard !lost.isEmpty else { continue }
            let often = lost.filter { scheduler.losses(of: $0) >= Self.lossesToTell }
            if let worst = often.max(by: { scheduler.losses(of: $0) < scheduler.losses(of: $1) }) {
                tellLosses(often.count, worst, sent.route)
            }
            logger.warning(
                "the broker lost tasks; they are sent again",
                metadata: ["event": "tasks_lost", "route": "\(sent.route)", "cells": "\(lost.count)"])
        }
    }
}

extension PartitionOwner {
    /// No record is given up for it, but somebody should look at the broker.
    private func tellLosses(_ count: Int, _ worst: Cell, _ route: String) {
        untold.append(
            (
                worst.job, "tasks_lost",
                "the broker lost the task of record \(worst.record) for the \(scheduler.losses(of: worst))th time, and "
                    + "of \(count) cells at least the \(Self.lossesToTell)th; route \(route)"
            ))
    }
}
