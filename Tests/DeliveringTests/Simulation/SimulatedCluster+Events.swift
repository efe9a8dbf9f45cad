import AMQP
import Inference
import Messages
import Throttle

@testable import Delivering

extension SimulatedCluster {
    /// Something happens somewhere, and a little time passes.
    mutating func step(faults: Bool) {
        now += .milliseconds(1 + pick(40))
        if chance(0.4) { dispatch() }
        for place in workers.indices where !workers[place].isFinished {
            if chance(0.7) { deliver(to: place) }
            if chance(0.5) { endCall(of: place, faults: faults) }
            if chance(0.7) { endPublish(of: place, faults: faults) }
            if faults { hurt(place) } else { heal(place) }
            if workers[place].isFinished { continue }
            run(place)
            check(place)
        }
        replaceTheDead()
    }

    private mutating func deliver(to place: Int) {
        var worker = workers[place]
        guard worker.isConsuming, worker.unacknowledged.count < worker.prefetch, !queue.isEmpty else { return }
        worker.lastTag += 1
        let tag = DeliveryTag(session: worker.session, number: worker.lastTag)
        let delivery = Delivery(
            tag: tag, body: queue.removeFirst(), exchange: "tessera.tasks", routingKey: "p/m", isRedelivered: false)
        worker.unacknowledged.append((tag, delivery.body))
        worker.machine.delivered([delivery], from: Self.route, at: now)
        workers[place] = worker
    }

    private mutating func endCall(of place: Int, faults: Bool) {
        guard !workers[place].calls.isEmpty else { return }
        let cell = workers[place].calls.remove(at: pick(workers[place].calls.count))
        workers[place].machine.callEnded(cell, callResult(faults: faults), at: now)
    }

    private mutating func callResult(faults: Bool) -> CallResult {
        guard faults else { return .text("v") }
        return switch pick(20) {
        case 0: .failure(.rateLimited, retryAfter: .milliseconds(300))
        case 1: .failure(.timeout)
        case 2, 3: .failure(.connection)
        case 4: .failure(.authentication)
        case 5: chance(0.1) ? .failure(.badRequest) : .text("v")
        default: .text("v")
        }
    }

    private mutating func endPublish(of place: Int, faults: Bool) {
        guard workers[place].isPublishing, !workers[place].published.isEmpty else { return }
        let order = workers[place].published.removeFirst()
        let die = faults ? pick(20) : 20
        switch die {
        case 0: workers[place].machine.published(order.id, .refused, at: now)
        case 1: workers[place].machine.published(order.id, .returned(code: 312, text: "NO_ROUTE"), at: now)
        case 2:
            // It arrived, and the confirm was lost.
            take(order)
            workers[place].machine.published(order.id, .lost, at: now)
        case 3: workers[place].machine.published(order.id, .lost, at: now)
        default:
            take(order)
            workers[place].machine.published(order.id, .confirmed, at: now)
        }
    }

    private mutating func hurt(_ place: Int) {
        switch pick(600) {
        case 0...5: loseConsumer(place)
        case 6...11: losePublisher(place)
        case 12: workers[place].machine.drain(at: now)
        case 13: workers[place].machine.returnEverything(at: now)
        case 14: crash(place)
        case 15...80: heal(place)
        default: break
        }
    }

    private mutating func heal(_ place: Int) {
        if !workers[place].isConsuming, chance(0.2) {
            workers[place].isConsuming = true
            workers[place].machine.inboxReady(at: now)
            workers[place].machine.stateCame(stoppedJobs: [], at: now)
        }
        if !workers[place].isPublishing, chance(0.2) {
            workers[place].isPublishing = true
            workers[place].machine.outbox.connectionChanged(isConnected: true)
        }
    }

    private mutating func loseConsumer(_ place: Int) {
        queue = workers[place].unacknowledged.map(\.body) + queue
        workers[place].void.formUnion(workers[place].unacknowledged.map(\.tag))
        workers[place].unacknowledged = []
        workers[place].isConsuming = false
        workers[place].session += 1
        workers[place].lastTag = 0
        workers[place].machine.consumerLost(Self.route, at: now)
    }

    private mutating func losePublisher(_ place: Int) {
        workers[place].isPublishing = false
        workers[place].machine.outbox.connectionChanged(isConnected: false)
        for order in workers[place].published {
            if chance(0.5) { take(order) }
            workers[place].machine.published(order.id, .lost, at: now)
        }
        workers[place].published = []
    }

    private mutating func crash(_ place: Int) {
        queue = workers[place].unacknowledged.map(\.body) + queue
        workers[place].unacknowledged = []
        workers[place].isFinished = true
    }

    private mutating func replaceTheDead() {
        for worker in workers where worker.isFinished {
            // What it left unacknowledged goes back when its connection ends.
            queue = worker.unacknowledged.map(\.body) + queue
            start()
        }
        workers.removeAll(where: \.isFinished)
    }

    private mutating func check(_ place: Int) {
        let machine = workers[place].machine
        if machine.running.count > Self.cap { broken.append("more calls run than the cap") }
        let held = machine.ledger.deliveries.count
        if held != machine.routes[Self.route]?.heldDeliveries { broken.append("deliveries are counted wrongly") }
        if workers[place].isConsuming, held != workers[place].unacknowledged.count {
            broken.append("the broker and the worker disagree on what is held")
        }
        if machine.running.count != machine.limits["k"]?.controller.inFlight { broken.append("a permit is lost") }
        let lost = machine.ledger.cells.values.filter { $0.deliveries.isEmpty && $0.isWaiting }
        if !lost.isEmpty { broken.append("a cell without a delivery waits") }
    }
}
