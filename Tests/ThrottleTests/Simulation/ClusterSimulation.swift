import Testing

@testable import Throttle

/// Workers, messages and one endpoint under a simulated clock, as in the reference model and with its random numbers.
///
/// Services vary by 20 %, every message takes 1 to 20 ms of its own (so they overtake each other), 1 % are lost and 1 %
/// arrive twice. The protocol's invariants are checked at every call that starts and 20 times a second.
final class ClusterSimulation {
    final class Node {
        let number: Int
        var member: KeyMember
        var wakesAt = Double.infinity
        var overhang = 0
        var flying = 0

        init(_ number: Int, _ settings: LimitSettings, _ now: Double) {
            self.number = number
            member = KeyMember(worker: ClusterSimulation.id(number), settings: settings, now)
        }
    }

    enum Event {
        case account
        case watch
        case tick(Node)
        case woken(Node)
        case deliver(LimitMessage, to: Int)
        case served(Node, epoch: Int, began: Double)
        case refused(Node, epoch: Int)
    }

    static let bin = 0.5
    static let endless = 1_000_000

    let endpoint: SimulatedEndpoint
    let settings: LimitSettings
    let loss: Double
    var now = 0.0
    var random: MersenneTwister
    var events = SimulatedEvents<Event>()
    /// In the order in which they joined.
    var nodes: [Node] = []
    var cut: Set<Int> = []
    var busy = 0
    var line: [(node: Node, epoch: Int, began: Double)] = []
    var readsGauge = false

    // By bin of half a second: busy slot-seconds, calls served, refused and started; served by worker.
    var area = [Double](repeating: 0, count: 1024)
    var good = [Int](repeating: 0, count: 1024)
    var bad = [Int](repeating: 0, count: 1024)
    var sent = [Int](repeating: 0, count: 1024)
    var done: [Int: [Int]] = [:]
    var accounted = 0.0
    var waiting: [(at: Double, count: Int)] = []
    var messages = 0
    var deliveries = 0
    var leadersSeen: [(at: Double, count: Int)] = []
    var longestHunger = 0.0
    var hungry: [Int: Double] = [:]
    var violations: [String] = []
    private var limits: [(at: Double, limit: Int)] = []

    init(
        workers: Int, _ endpoint: SimulatedEndpoint, seed: UInt32, cap: Int = 128, busy: Set<Int>? = nil,
        loss: Double = 0.01
    ) {
        self.endpoint = endpoint
        self.loss = loss
        var settings = LimitSettings(cap: cap)
        // As in the model, which knows no shorter one.
        settings.settleAlone = settings.settle
        self.settings = settings
        random = MersenneTwister(seed: seed)
        for worker in 0..<workers { join(worker, backlog: busy?.contains(worker) ?? true ? Self.endless : 0) }
        for change in endpoint.changes { events.add(.account, at: change) }
        events.add(.watch, at: 0.05)
    }

    static func id(_ number: Int) -> String {
        let digits = String(number)
        return "worker-" + String(repeating: "0", count: 3 - digits.count) + digits
    }

    func node(_ number: Int) -> Node? { nodes.first { $0.number == number } }

    // MARK: What happens

    @discardableResult
    func run(until end: Double) -> ClusterSimulation {
        while let at = events.nextAt, at <= end {
            let (at, event) = events.takeFirst()
            now = at
            handle(event)
        }
        now = end
        account()
        return self
    }

    private func handle(_ event: Event) {
        switch event {
        case .account: account()
        case .watch: watch()
        case .tick(let node): tick(node)
        case .woken(let node): if isThere(node) { after(node) }
        case .deliver(let message, let target): deliver(message, to: target)
        case .served(let node, let epoch, let began): served(node, epoch, began)
        case .refused(let node, let epoch): refused(node, epoch)
        }
    }

    func join(_ worker: Int, backlog: Int = ClusterSimulation.endless) {
        let node = Node(worker, settings, now)
        node.member.demand(backlog, now)
        nodes.append(node)
        events.add(.tick(node), at: now + random.random() * 0.1)
    }

    func kill(_ worker: Int) {
        account()
        guard let place = nodes.firstIndex(where: { $0.number == worker }) else { return }
        busy -= nodes[place].flying
        nodes.remove(at: place)
        hungry[worker] = nil
    }

    func demand(_ worker: Int, _ backlog: Int) {
        guard let node = node(worker) else { return }
        node.member.demand(backlog, now)
        after(node)
    }

    private func isThere(_ node: Node) -> Bool { nodes.contains { $0 === node } }

    private func tick(_ node: Node) {
        guard isThere(node) else { return }
        node.member.tick(now)
        after(node)
        events.add(.tick(node), at: now + 0.1)
    }

    /// What every event at a node ends with: start what may start, send its messages, ask to be woken.
    func after(_ node: Node) {
        // One that leads for a moment only has lent all the same.
        if node.member.leader != nil { bound() }
        while true {
            if let epoch = node.member.admit(now) {
                start(node, epoch)
            } else if node.member.isReportDue {
                node.member.settle(now)
            } else {
                break
            }
        }
        for (to, message) in node.member.outbox {
            messages += 1
            switch to {
            case .everyone: for target in nodes.map(\.number) { send(message, from: node.number, to: target) }
            case .worker(let id): send(message, from: node.number, to: Int(id.suffix(3)) ?? -1)
            }
        }
        node.member.outbox.removeAll()
        let wake = node.member.share.mayStartAt
        if (now < wake && wake < node.wakesAt) || (node.wakesAt <= now && now < wake && wake < .infinity) {
            node.wakesAt = wake
            events.add(.woken(node), at: wake)
        }
    }

    private func send(_ message: LimitMessage, from source: Int, to target: Int) {
        guard !cut.contains(source), !cut.contains(target), random.random() >= loss else { return }
        for _ in 0..<(random.random() < loss ? 2 : 1) {
            deliveries += 1
            events.add(.deliver(message, to: target), at: now + random.uniform(0.001, 0.020))
        }
    }

    private func deliver(_ message: LimitMessage, to target: Int) {
        guard !cut.contains(target), let node = node(target) else { return }
        _ = leftOver(node)
        node.member.hear(message, now)
        after(node)
    }

    // MARK: Calls

    private func start(_ node: Node, _ epoch: Int) {
        sent[Int(now / Self.bin)] += 1
        checkStart(node)
        if case .queue(let slots) = endpoint.kind {
            node.flying += 1
            if endpoint.running < slots {
                serve(node, epoch, now)
            } else {
                line.append((node, epoch, now))
            }
        } else if endpoint.arrive(now) {
            account()
            node.flying += 1
            busy += 1
            events.add(
                .served(node, epoch: epoch, began: now), at: now + endpoint.service * random.uniform(0.8, 1.2))
        } else {
            events.add(.refused(node, epoch: epoch), at: now + endpoint.refusal)
        }
    }

    private func serve(_ node: Node, _ epoch: Int, _ began: Double) {
        account()
        endpoint.running += 1
        busy += 1
        events.add(
            .served(node, epoch: epoch, began: began), at: now + endpoint.service * random.uniform(0.8, 1.2))
    }

    private func served(_ node: Node, _ epoch: Int, _ began: Double) {
        account()
        endpoint.running -= 1
        if isThere(node) {
            busy -= 1
            node.flying -= 1
            good[Int(now / Self.bin)] += 1
            done[node.number, default: [Int](repeating: 0, count: 1024)][Int(now / Self.bin)] += 1
            node.member.finished(epoch: epoch, seconds: now - began, now)
        }
        if case .queue = endpoint.kind, !line.isEmpty {
            let (node, epoch, began) = line.removeFirst()
            serve(node, epoch, began)
        }
        if isThere(node) { after(node) }
    }

    private func refused(_ node: Node, _ epoch: Int) {
        bad[Int(now / Self.bin)] += 1
        guard isThere(node) else { return }
        node.member.refused(epoch: epoch, seconds: endpoint.refusal, retryAfter: endpoint.retryAfter, now)
        after(node)
    }

    // MARK: Watching

    private func checkStart(_ node: Node) {
        let share = node.member.share
        if now >= share.leaseUntil || share.inFlight > share.share {
            violations.append("\(now): worker \(node.number) started a call without lease or share")
        }
        let flying = nodes.reduce(0) { $0 + $1.member.share.inFlight - leftOver($1) }
        let most = bound()
        if flying > most { violations.append("\(now): \(flying) in flight, limit \(most)") }
    }

    /// Calls that were in flight when their worker's lease ran out: they alone may exceed the limit.
    private func leftOver(_ node: Node) -> Int {
        let share = node.member.share
        node.overhang = now >= share.leaseUntil ? share.inFlight : min(node.overhang, share.inFlight)
        return node.overhang
    }

    /// The highest limit in force within the last lease, by any leader that there is.
    @discardableResult
    private func bound() -> Int {
        let limit = nodes.compactMap { $0.member.leader?.law.limit }.max() ?? 0
        while let last = limits.last, last.limit <= limit { limits.removeLast() }
        limits.append((now, limit))
        while limits[0].at < now - LimitTiming.lease - 0.1, limits.count > 1 { limits.removeFirst() }
        return limits[0].limit
    }

    private func watch() {
        events.add(.watch, at: now + 0.05)
        bound()
        let leaders = nodes.filter { $0.member.leader != nil }
        leadersSeen.append((now, leaders.count))
        for node in nodes {
            let share = node.member.share
            let isFed = share.inFlight > 0 || share.share > 0 || share.backlog <= 0
            if isFed || share.pauseUntil > now || leaders.isEmpty || cut.contains(node.number) {
                hungry[node.number] = now
            }
            longestHunger = max(longestHunger, now - (hungry[node.number] ?? now))
            if hungry[node.number] == nil { hungry[node.number] = now }
        }
        if leaders.count == 1, let book = leaders[0].member.leader { check(book) }
        if readsGauge, abs(now.truncatingRemainder(dividingBy: 1) - 0.5) < 0.01 {
            waiting.append((now, line.count))
            for node in leaders {
                node.member.queued(waiting: line.count, now)
                after(node)
            }
        }
    }

    /// What followers may use is never more than the leader's book says.
    private func check(_ book: KeyLeader) {
        for node in nodes {
            let share = node.member.share
            guard share.term == book.term, share.leader == book.worker,
                var holder = book.holders.first(where: { $0.worker == share.worker })
            else { continue }
            let valid = now < share.leaseUntil ? share.share : 0
            let held = holder.held(now)
            if valid > held { violations.append("\(now): \(share.worker) may start \(valid), the book says \(held)") }
        }
    }
}
