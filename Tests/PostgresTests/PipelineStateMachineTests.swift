import Testing

@testable import Postgres

struct PipelineStateMachineTests {
    typealias Machine = PipelineStateMachine<String>

    private let failure = PostgresError(.statementFailed, "no", sqlState: .uniqueViolation)
    private let fatal = PostgresError(.connectionLost, "going down", sqlState: .adminShutdown)
    private let loss = PostgresError(.connectionLost, "gone")

    private func execute(_ statement: Int, name: String? = nil) -> Machine.Command {
        .execute(statement: statement, sql: "sql \(statement)", name: name)
    }

    /// The outputs, or the error's message.
    private func outcome(_ effects: [Machine.Effect]) -> [String] {
        effects.map { effect in
            switch effect {
            case .finished(let id, .success(let outputs)): "\(id): \(outputs.joined(separator: " "))"
            case .finished(let id, .failure(let error)):
                "\(id) failed at \(error.statementIndex ?? -1): \(error.message)"
            case .prepared(_, let name): "prepared \(name)"
            case .notPrepared(_, let name): "not prepared \(name)"
            case .stale(_, let name): "stale \(name)"
            case .confused(let what): "confused: \(what)"
            }
        }
    }

    private func feed(_ machine: inout Machine, _ events: [Machine.Event]) -> [String] {
        events.flatMap { outcome(machine.receive($0)) }
    }

    @Test func `answers go to the transactions in the order of the questions`() {
        var machine = Machine()
        machine.sent(7, [execute(0), execute(1)])
        machine.sent(8, [execute(0)])
        let results = feed(
            &machine,
            [
                .output("a"), .endOfCommand, .output("b"), .endOfCommand, .synced, .output("c"), .endOfCommand, .synced,
            ])
        #expect(results == ["7: a b", "8: c"])
        #expect(machine.isEmpty)
    }

    @Test func `an error skips the rest of its transaction and no other`() {
        var machine = Machine()
        machine.sent(1, [execute(0), execute(1), execute(2)])
        machine.sent(2, [execute(0)])
        let results = feed(
            &machine,
            [
                .output("a"), .endOfCommand, .failed(failure), .endOfCommand, .skipped, .endOfCommand, .synced,
                .output("b"), .endOfCommand, .synced,
            ])
        #expect(results == ["1 failed at 1: no", "2: b"])
    }

    @Test func `an error at the commit belongs to no statement`() {
        var machine = Machine()
        machine.sent(1, [execute(0)])
        let results = feed(&machine, [.output("a"), .endOfCommand, .failed(failure), .endOfCommand, .synced])
        #expect(results == ["1 failed at -1: no"])
    }

    @Test func `statements are prepared only when the server got that far`() {
        var machine = Machine()
        machine.sent(
            1,
            [
                .prepare(statement: 0, sql: "x", name: "s1"), execute(0, name: "s1"),
                .prepare(statement: 1, sql: "y", name: "s2"), execute(1, name: "s2"),
            ])
        let results = feed(
            &machine,
            [
                .output(""), .endOfCommand, .failed(failure), .endOfCommand, .skipped, .endOfCommand, .skipped,
                .endOfCommand, .synced,
            ])
        #expect(results == ["prepared s1", "not prepared s2", "1 failed at 0: no"])
    }

    @Test func `a plan that went stale is reported`() {
        for error in [
            PostgresError(.statementFailed, "cached plan must not change result type", sqlState: .featureNotSupported),
            PostgresError(.statementFailed, "prepared statement does not exist", sqlState: .invalidStatementName),
        ] {
            var machine = Machine()
            machine.sent(1, [execute(0, name: "s1")])
            #expect(feed(&machine, [.failed(error)]) == ["stale s1"])
            #expect(error.isRetryable)
        }
        #expect(!failure.isRetryable)
    }

    @Test func `without a word from the server the outcome is unknown`() {
        var machine = Machine()
        machine.sent(1, [execute(0)])
        machine.sent(2, [execute(0)])
        _ = machine.receive(.output("a"))
        let abandoned = machine.abandon(loss)
        #expect(abandoned.map(\.id) == [1, 2])
        #expect(abandoned.allSatisfy { $0.error.outcomeUnknown && $0.error.code == .connectionLost })
        #expect(machine.isEmpty)
    }

    @Test func `an error before the loss means that it was rolled back`() {
        var machine = Machine()
        machine.sent(1, [execute(0)])
        machine.sent(2, [execute(0)])
        _ = machine.receive(.failed(failure))
        let abandoned = machine.abandon(loss)
        #expect(abandoned.map(\.error.code) == [.statementFailed, .connectionLost])
        #expect(abandoned.map(\.error.outcomeUnknown) == [false, true])
    }

    @Test func `after a fatal error in a statement nothing of it or behind it took effect`() {
        var machine = Machine()
        machine.sent(1, [execute(0)])
        machine.sent(2, [execute(0)])
        _ = machine.receive(.failed(fatal))
        #expect(machine.abandon(loss).map(\.error.outcomeUnknown) == [false, false])
    }

    @Test func `after a fatal error at the commit it may have committed, but not what is behind it`() {
        var machine = Machine()
        machine.sent(1, [execute(0)])
        machine.sent(2, [execute(0)])
        _ = feed(&machine, [.output("a"), .endOfCommand, .failed(fatal)])
        #expect(machine.abandon(loss).map(\.error.outcomeUnknown) == [true, false])
    }

    @Test func `answers that fit no question are noticed`() {
        var machine = Machine()
        #expect(feed(&machine, [.synced])[0].hasPrefix("confused"))
        machine.sent(1, [execute(0)])
        #expect(feed(&machine, [.endOfCommand])[0].hasPrefix("confused"))
        #expect(feed(&machine, [.output("a"), .output("b")])[0].hasPrefix("confused"))
        machine = Machine()
        machine.sent(1, [])
        #expect(feed(&machine, [.endOfCommand])[0].hasPrefix("confused"))
        machine = Machine()
        machine.sent(1, [execute(0)])
        #expect(feed(&machine, [.synced])[0].hasPrefix("confused"))
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func `random pipelines end each transaction once, in order, with what it was answered`(seed: UInt64) {
        var random = SplitMix(state: seed)
        var machine = Machine()
        var expected: [String] = []
        var results: [String] = []
        var unanswered: [(id: UInt64, failsAt: Int?, count: Int)] = []
        for id in 0..<200 as Range<UInt64> {
            let count = Int.random(in: 0..<5, using: &random)
            let failsAt =
                Int.random(in: 0..<4, using: &random) == 0 && count > 0
                ? Int.random(in: 0..<count, using: &random) : nil
            machine.sent(id, (0..<count).map { execute($0) })
            unanswered.append((id, failsAt, count))
            expected.append(
                failsAt.map { "\(id) failed at \($0): no" }
                    ?? "\(id): \((0..<count).map { "\(id)/\($0)" }.joined(separator: " "))")
            while !unanswered.isEmpty, Bool.random(using: &random) || id == 199 {
                let next = unanswered.removeFirst()
                for statement in 0..<next.count {
                    let answer: Machine.Event =
                        statement < next.failsAt ?? next.count
                        ? .output("\(next.id)/\(statement)") : statement == next.failsAt ? .failed(failure) : .skipped
                    results += feed(&machine, [answer, .endOfCommand])
                }
                results += feed(&machine, [.synced])
            }
        }
        #expect(results == expected, "seed \(seed)")
        #expect(machine.isEmpty)
    }
}

struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
