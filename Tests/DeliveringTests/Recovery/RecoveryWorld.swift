import AMQP
import Messages

@testable import Delivering

/// The recovery model seen from the workers: a coordinator that never fails, a broker, and workers that are real
/// `DeliveryLedger`s. A value: steps make new ones.
///
/// Properties. S1: a cell has one value. S3: charged at most as often as it failed. A: a task is acknowledged only
/// when an outcome of each of its cells is with the coordinator. W: a call that starts while another call of the cell
/// runs, or its value is on its way or stored, is paid by a fault: a delivery that went back while its call was open,
/// or answered and not acknowledged; and then each end of one copy while the other lives makes one more.
struct RecoveryWorld {
    enum CellState: UInt8 { case open, stored, dropped }
    enum AnswerKind: UInt8 { case value, fail, returned }
    enum Sending: UInt8 {
        case toPublish = 1
        case sent, toPublishAgain
    }
    enum Fault: UInt8 { case workerCrash, workerCut, consumeCut, publishCut, handBack }

    struct Task: Hashable {
        let number: Int64
        let cells: [Int]
    }

    struct Answer {
        let kind: AnswerKind
        let number: Int64
        let cell: Int
    }

    struct Worker {
        var isConnected = true
        var isPublishing = true
        var ledger = DeliveryLedger()
        var sending: [CellID: Sending] = [:]
        var unacknowledged: [DeliveryTag: Task] = [:]
        var lastTag: UInt64 = 0
    }

    struct Setting {
        var cells = 1
        var workers = 2
        var failures = 0
        var faults: [Fault] = []
        /// Ready cells travel in one task.
        var together = false
        /// Whether a fault pays for repeats.
        var excuses = true
    }

    static let attempts = 2
    static let prefetch = 2
    static let route = Route(provider: "p", model: "m")
    static let now = ContinuousClock.now
    static let spec = SpecHash([UInt8](repeating: 7, count: 32))

    let setting: Setting
    var states: [CellState]
    var charged: [Int]
    var failed: [Int]
    var outUnder: [Int64?]
    var lastNumber: Int64 = 0
    var tasks: [Task] = []
    var results: [Answer] = []
    var salvage: [Answer] = []
    var workers: [Worker]
    var faults: [Fault]
    var failuresLeft: Int
    var allowed: [Int]
    var doubled: [Bool]

    init(_ setting: Setting) {
        self.setting = setting
        states = Array(repeating: .open, count: setting.cells)
        charged = Array(repeating: 0, count: setting.cells)
        failed = charged
        outUnder = Array(repeating: nil, count: setting.cells)
        workers = Array(repeating: Worker(), count: setting.workers)
        faults = setting.faults
        failuresLeft = setting.failures
        allowed = charged
        doubled = Array(repeating: false, count: setting.cells)
    }

    var isDecided: Bool { !states.contains(.open) }

    /// One state's name: equal for states that only differ in ids, tags and the order of workers.
    var key: [UInt8] {
        var key: [UInt8] = [UInt8(truncatingIfNeeded: lastNumber), UInt8(failuresLeft)]
        for cell in states.indices {
            key += [states[cell].rawValue, UInt8(charged[cell]), UInt8(failed[cell]), UInt8(allowed[cell])]
            key += [UInt8(truncatingIfNeeded: outUnder[cell] ?? 0), doubled[cell] ? 1 : 0]
        }
        key += faults.map(\.rawValue)
        for part in [tasks.map(\.key), results.map(\.key), salvage.map(\.key)] { key += [255] + part.joined() }
        for worker in workers.map(\.key).sorted(by: { $0.lexicographicallyPrecedes($1) }) { key += [255] + worker }
        return key
    }

    mutating func spend(_ fault: Fault) {
        if let place = faults.firstIndex(of: fault) { faults.remove(at: place) }
    }

    mutating func excuse(_ cell: Int, _ times: Int) {
        guard setting.excuses, times > 0 else { return }
        allowed[cell] = min(9, allowed[cell] + times)
        doubled[cell] = true
    }
}

extension RecoveryWorld.Task {
    var key: [UInt8] { [UInt8(truncatingIfNeeded: number), UInt8(cells.count)] + cells.map { UInt8($0) } }

    var label: String { "\(number)\(cells)" }

    var wire: WireTask {
        var task = WireTask()
        task.version = 1
        task.job = "j"
        task.generation = 1
        task.sequence = number
        task.cells = cells.map { cell in
            var wire = WireTaskCell()
            wire.record = Int64(cell)
            return wire
        }
        return task
    }
}

extension RecoveryWorld.Answer {
    var key: [UInt8] { [kind.rawValue, UInt8(cell), UInt8(truncatingIfNeeded: number)] }

    var label: String { "\(kind) of \(cell) under \(number)" }
}

extension RecoveryWorld.Worker {
    var key: [UInt8] {
        var parts: [[UInt8]] = []
        for (id, cell) in ledger.cells {
            let sent = sending[id]?.rawValue ?? 0
            parts.append([1] + cell.key.bytes + [cell.doing.rawValue, sent, UInt8(cell.deliveries.count)])
        }
        for delivery in ledger.deliveries.values {
            parts.append([2] + (unacknowledged[delivery.tag]?.key ?? []) + delivery.confirmed.flatMap(\.bytes))
        }
        for key in ledger.remembered.keys { parts.append([3] + key.bytes) }
        let sorted = parts.sorted { $0.lexicographicallyPrecedes($1) }
        return [isConnected ? 1 : 0, isPublishing ? 1 : 0] + sorted.joined()
    }
}

extension CellKey {
    fileprivate var bytes: [UInt8] { [UInt8(truncatingIfNeeded: record), UInt8(truncatingIfNeeded: number.sequence)] }
}

extension HeldCell {
    /// In the model's words.
    enum Doing: UInt8 { case held, calling, value, fail, returned }

    var doing: Doing {
        switch phase {
        case .waiting: .held
        case .calling: .calling
        case .answered(.value): .value
        case .answered(.failed): .fail
        case .answered(.returned), .answered(.childDeath): .returned
        }
    }
}
