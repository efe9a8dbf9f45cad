import AMQP
import CrashPoints
import Logging
import Messages
import Monitoring
import Throttle

extension WorkerService {
    /// Carries out what the state machine decided.
    func perform(_ action: WorkerAction) {
        switch action {
        case .open(let route): open(route)
        case .close(let route): close(route)
        case .consume(let route, let prefetch): setPrefetch(prefetch, of: route)
        case .call(let call): start(call)
        case .callBatch(let batch): start(batch)
        case .cancelCall(let cell): cancel(cell)
        case .publish(let orders): publish(orders)
        case .acknowledge(let route, let tags):
            afterConfirm.pass()
            routes[route]?.consumer?.acknowledge(tags)
        case .ask(let request): ask(request)
        case .declareInbox: beside { await $0.declareInbox() }
        case .signal(let signal):
            if case .beat = signal.kind { showLimits() }
            send(signal, to: Topics.signals)
        case .tell(let worker, let signal): send(signal, to: Topics.reports, routingKey: worker)
        case .readQueue(let key, let route, let place): readQueue(key, route, place)
        case .note(let note): log(note)
        case .finish: end()
        }
    }

    /// Metrics follow the beats, once a second at most.
    private func showLimits() {
        let now = ContinuousClock.now
        guard limitsShownAt.map({ $0 + .milliseconds(900) <= now }) ?? true else { return }
        limitsShownAt = now
        gauges.set(machine.readings(now))
    }

    private func publish(_ orders: [PublishOrder]) {
        let ids = orders.map(\.id)
        let messages = orders.map { order in
            OutgoingMessage(
                exchange: order.lane.exchange, routingKey: order.lane.routingKey, body: order.body,
                headers: order.reason.map { ["x-tessera-reason": .string($0)] } ?? [:])
        }
        publisher?.publish(messages) { [weak self] outcomes in
            self?.onLoop { $0.published(ids, outcomes) }
        }
    }

    private func published(_ ids: [OutboxBatch.ID], _ outcomes: [PublishOutcome]) {
        // The broker has it; that it said so counts as not heard.
        afterPublish.pass()
        let now = ContinuousClock.now
        for (id, outcome) in zip(ids, outcomes) { machine.published(id, outcome, at: now) }
    }

    func ask(_ request: WireRequest) {
        sendTransient(
            OutgoingMessage(
                exchange: Topics.requests, routingKey: Topics.requestsKey, body: request.encoded(),
                isPersistent: false, isMandatory: false, replyTo: inbox, expiration: .seconds(10)))
    }

    private func send(_ signal: WireSignal, to exchange: String, routingKey: String = "") {
        sendTransient(
            OutgoingMessage(
                exchange: exchange, routingKey: routingKey, body: signal.encoded(), isPersistent: false,
                isMandatory: false))
    }

    /// What may be lost: while the broker is blocked it is not even kept.
    private func sendTransient(_ message: OutgoingMessage) {
        if !isPublisherBlocked { publisher?.publish([message]) { _ in } }
    }

    private func log(_ note: WorkerNote) {
        switch note {
        case .routeOpened(let route, let cap):
            logger.info("route_opened", metadata: ["route": "\(route)", "limit": "\(cap)"])
        case .breakerOpened(let scope, let reason):
            logger.warning("breaker_opened", metadata: ["scope": "\(scope)", "reason": "\(reason)"])
        case .breakerProbing(let scope): logger.debug("breaker_probing", metadata: ["scope": "\(scope)"])
        case .breakerClosed(let scope): logger.info("breaker_closed", metadata: ["scope": "\(scope)"])
        case .limitMoved(let key, let from, let to): log(key, from, to)
        case .longWait(let key, let wait):
            logger.warning(
                "Retry-After asks for \(wait / .seconds(1)) s or more; no more than that is waited",
                metadata: ["event": "long_retry_after", "limit_key": "\(key)"])
        case .paused(let key, let pause):
            logger.debug("paused", metadata: ["limit_key": "\(key)", "seconds": "\(pause / .seconds(1))"])
        case .deadLetter(let route, let reason):
            logger.warning("dead_letter", metadata: ["route": "\(route)", "reason": "\(reason)"])
        case .unroutable(let lane, let text):
            logger.error(
                "the broker lost a queue: results are kept, nothing new is taken",
                metadata: ["exchange": "\(lane.exchange)", "key": "\(lane.routingKey)", "reason": "\(text)"])
        case .handedBack(let route, let reason, let count):
            logger.debug(
                "handed_back", metadata: ["route": "\(route)", "reason": "\(reason)", "cells": "\(count)"])
        case .draining: logger.info("draining")
        case .returningEverything: logger.info("returning_everything")
        }
    }

    /// In Data Designer's words; at the leader, so that the cluster has one line of it.
    private func log(_ key: String, _ from: LimitStatus, _ to: LimitStatus) {
        // A probe that fails is no news, and neither is a search.
        let isProbe = from.ceiling.map { from.limit > $0 } ?? false
        let isNews = to.limit < from.limit && !isProbe || (from.state == .open) != (to.state == .open)
        let level: Logger.Level = to.isLeading && isNews ? .info : .debug
        guard logger.logLevel <= level else { return }
        var why = [to.movedBy]
        if let ceiling = to.ceiling { why.append("ceiling \(ceiling)") }
        if to.state == .open { why.append("breaker open") }
        let direction = to.limit < from.limit ? "reduced" : "increased"
        logger.log(
            level: level,
            "concurrency \(direction) from \(from.limit) → \(to.limit) \(key) (\(why.joined(separator: ", ")))",
            metadata: [
                "event": "limit_moved", "limit_key": "\(key)", "limit": "\(to.limit)", "epoch": "\(to.epoch)",
            ])
    }
}
