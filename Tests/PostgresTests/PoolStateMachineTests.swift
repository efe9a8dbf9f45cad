import Testing

@testable import Postgres

struct PoolStateMachineTests {
    private let start = ContinuousClock.now

    private func actions(
        _ machine: inout PoolStateMachine, after delay: Duration = .zero, loads: [Int] = [0, 0, 0, 0]
    ) -> [PoolStateMachine.Action] {
        var actions: [PoolStateMachine.Action] = []
        while let action = machine.next(now: start + delay, load: { loads[$0] }) { actions.append(action) }
        return actions
    }

    /// A pool with all connections made.
    private func readyPool(size: Int) -> PoolStateMachine {
        var machine = PoolStateMachine(size: size)
        machine.acquire(0, .shared)
        _ = actions(&machine)
        for slot in 0..<size { machine.connected(slot: slot) }
        _ = actions(&machine)
        return machine
    }

    @Test func `nothing is connected before somebody comes, then all are, and the first serves`() {
        var machine = PoolStateMachine(size: 2)
        #expect(actions(&machine).isEmpty)
        machine.acquire(1, .shared)
        #expect(actions(&machine) == [.connect(slot: 0), .connect(slot: 1)])
        machine.connected(slot: 1)
        #expect(actions(&machine) == [.assign(1, slot: 1)])
    }

    @Test func `a shared user gets the connection with the fewest calls`() {
        var machine = readyPool(size: 3)
        machine.acquire(1, .shared)
        #expect(actions(&machine, loads: [3, 1, 2]) == [.assign(1, slot: 1)])
    }

    @Test func `an exclusive user has his connection alone, and the last stays shared`() {
        var machine = readyPool(size: 2)
        machine.acquire(1, .exclusive)
        machine.acquire(2, .exclusive)
        machine.acquire(3, .shared)
        #expect(actions(&machine) == [.assign(1, slot: 0), .assign(3, slot: 1)])
        machine.released(slot: 0)
        #expect(actions(&machine) == [.assign(2, slot: 0)])
    }

    @Test func `the only connection may be taken too, then the others wait`() {
        var machine = readyPool(size: 1)
        machine.acquire(1, .exclusive)
        machine.acquire(2, .shared)
        #expect(actions(&machine) == [.assign(1, slot: 0)])
        machine.released(slot: 0)
        #expect(actions(&machine) == [.assign(2, slot: 0)])
    }

    @Test func `a lost connection is made anew when somebody comes, not while its user still has it`() {
        var machine = readyPool(size: 2)
        machine.acquire(1, .exclusive)
        _ = actions(&machine)
        machine.lost(slot: 0)
        machine.lost(slot: 1)
        machine.acquire(2, .shared)
        #expect(actions(&machine) == [.connect(slot: 1)])
        machine.released(slot: 0)
        #expect(actions(&machine) == [.connect(slot: 0)])
    }

    @Test func `while the server is away, waiters fail with each attempt, at growing distances up to 2 s`() {
        var machine = PoolStateMachine(size: 2)
        machine.acquire(0, .shared)
        #expect(actions(&machine) == [.connect(slot: 0), .connect(slot: 1)])
        machine.failed(slot: 0, now: start)
        #expect(actions(&machine).isEmpty)
        // Made side by side with the first: the same failure, and now nobody is left to serve.
        machine.failed(slot: 1, now: start + .milliseconds(1))
        #expect(actions(&machine, after: .milliseconds(1)) == [.fail(0)])

        var now = Duration.zero
        for (waiter, pause) in [50, 100, 200, 400, 800, 1600, 2000, 2000].enumerated() {
            machine.acquire(UInt64(waiter + 1), .shared)
            let due = now + .milliseconds(pause)
            let wake = actions(&machine, after: due - .nanoseconds(1))
            #expect(wake == [.wake(at: start + due)])
            // One probes for all.
            #expect(actions(&machine, after: due) == [.connect(slot: 0)])
            now = due
            machine.failed(slot: 0, now: start + now)
            #expect(actions(&machine, after: now) == [.fail(UInt64(waiter + 1))])
        }
        machine.acquire(99, .shared)
        #expect(actions(&machine, after: now + .seconds(2)) == [.connect(slot: 0)])
        machine.connected(slot: 0)
        #expect(actions(&machine, after: now + .seconds(2)) == [.assign(99, slot: 0), .connect(slot: 1)])
        #expect(machine.backoff == .zero)
    }

    @Test func `one connection that fails does no harm while another serves`() {
        var machine = PoolStateMachine(size: 2)
        machine.acquire(1, .shared)
        _ = actions(&machine)
        machine.connected(slot: 0)
        machine.failed(slot: 1, now: start)
        #expect(actions(&machine) == [.assign(1, slot: 0)])
        machine.acquire(2, .shared)
        #expect(actions(&machine) == [.assign(2, slot: 0)])
        machine.acquire(3, .shared)
        #expect(actions(&machine, after: .seconds(1)) == [.assign(3, slot: 0), .connect(slot: 1)])
    }

    @Test func `who gives up is not served, and a closed pool fails everybody`() {
        var machine = PoolStateMachine(size: 1)
        for id in 1...3 as ClosedRange<UInt64> { machine.acquire(id, .shared) }
        machine.withdraw(2)
        #expect(actions(&machine) == [.connect(slot: 0)])
        machine.close()
        machine.connected(slot: 0)
        machine.acquire(4, .exclusive)
        #expect(actions(&machine) == [.fail(1), .fail(3), .fail(4)])
    }
}
