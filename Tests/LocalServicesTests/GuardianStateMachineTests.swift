import Glibc
import Testing

@testable import LocalServices

struct GuardianStateMachineTests {
    /// A machine without processes but these: a number, what started it, its group, when it started.
    private func table(_ processes: (pid: Int32, parent: Int32, group: Int32, start: UInt64)...) -> ProcessTable {
        ProcessTable(
            processes.map {
                ProcessTable.Entry(
                    identity: ProcessIdentity(pid: $0.pid, startTime: $0.start), name: "p", parent: $0.parent,
                    group: $0.group, isZombie: false)
            })
    }

    private func process(
        _ pid: Int32, _ kind: GuardedProcess.Kind, start: UInt64 = 100, signal: Int32 = SIGTERM
    ) -> GuardedProcess {
        GuardedProcess(ProcessIdentity(pid: pid, startTime: start), kind, signal: signal)
    }

    private func asked(_ pid: Int32, _ signal: Int32 = SIGTERM) -> [GuardianStateMachine.Action] {
        [.signal(pid: pid, signal), .signal(pid: pid, SIGCONT)]
    }

    private let start = ContinuousClock.now

    @Test func `with nothing registered it is finished at once`() {
        var machine = GuardianStateMachine()
        #expect(machine.step(table((1, 0, 1, 1)), now: start) == [.finished])
    }

    @Test func `programs end before servers, servers before helpers, each by its own signal`() {
        var machine = GuardianStateMachine([
            process(30, .helper), process(20, .server, signal: SIGINT), process(10, .program), process(11, .program),
        ])
        let all = [(10, 1, 10, 100), (11, 1, 11, 100), (20, 1, 20, 100), (30, 1, 30, 100)]
            .map { (pid: Int32($0.0), parent: Int32($0.1), group: Int32($0.2), start: UInt64($0.3)) }
        #expect(machine.step(table(all[0], all[1], all[2], all[3]), now: start) == asked(10) + asked(11))
        #expect(machine.step(table(all[1], all[2], all[3]), now: start).isEmpty)
        #expect(machine.step(table(all[2], all[3]), now: start) == asked(20, SIGINT))
        #expect(machine.step(table(all[3]), now: start) == asked(30))
        #expect(machine.step(table(), now: start) == [.finished])
    }

    @Test func `what does not end in its time is killed with its group and all that it started`() {
        var machine = GuardianStateMachine([process(10, .program)])
        // 12 has a session of its own; 13 was started by 12.
        let present = table((10, 1, 10, 100), (11, 10, 10, 101), (12, 10, 12, 102), (13, 12, 12, 103))
        #expect(machine.step(present, now: start) == asked(10))
        #expect(machine.step(present, now: start.advanced(by: .seconds(4))).isEmpty)
        #expect(
            machine.step(present, now: start.advanced(by: .seconds(5))) == [
                .signalGroup(leader: 10, SIGKILL), .signal(pid: 12, SIGKILL), .signal(pid: 13, SIGKILL),
            ])
    }

    @Test func `the time of a server begins when the programs are gone`() {
        var machine = GuardianStateMachine([process(10, .program), process(20, .server)])
        _ = machine.step(table((10, 1, 10, 100), (20, 1, 20, 100)), now: start)
        let later = start.advanced(by: .seconds(4))
        #expect(machine.step(table((20, 1, 20, 100)), now: later) == asked(20))
        #expect(machine.step(table((20, 1, 20, 100)), now: later.advanced(by: .seconds(14))).isEmpty)
        #expect(
            machine.step(table((20, 1, 20, 100)), now: later.advanced(by: .seconds(15)))
                == [.signalGroup(leader: 20, SIGKILL)])
    }

    @Test func `a number that another process has now is left alone, and so is its group`() {
        var machine = GuardianStateMachine([process(10, .program, start: 100)])
        #expect(machine.step(table((10, 1, 10, 999), (11, 10, 10, 1000)), now: start) == [.finished])
    }

    @Test func `what a leader that is gone left in its group is ended too`() {
        var machine = GuardianStateMachine([process(10, .program)])
        #expect(machine.step(table((11, 1, 10, 101)), now: start) == asked(11))
        #expect(
            machine.step(table((11, 1, 10, 101)), now: start.advanced(by: .seconds(5)))
                == [.signalGroup(leader: 10, SIGKILL)])
    }

    @Test func `a server's own processes are followed after it died`() {
        var machine = GuardianStateMachine([process(20, .server, signal: SIGINT)])
        _ = machine.step(table((20, 1, 20, 100), (21, 20, 21, 101)), now: start)
        // Orphaned: its parent is now process 1, and its group was never the server's.
        #expect(machine.step(table((21, 1, 21, 101)), now: start.advanced(by: .seconds(1))).isEmpty)
        #expect(
            machine.step(table((21, 1, 21, 101)), now: start.advanced(by: .seconds(15))) == [.signal(pid: 21, SIGKILL)])
        #expect(machine.step(table((21, 1, 21, 555)), now: start.advanced(by: .seconds(16))) == [.finished])
    }

    @Test func `a zombie counts as gone`() {
        var machine = GuardianStateMachine([process(10, .program)])
        let zombie = ProcessTable.Entry(
            identity: ProcessIdentity(pid: 10, startTime: 100), name: "p", parent: 1, group: 10, isZombie: true)
        #expect(machine.step(ProcessTable([zombie]), now: start) == [.finished])
    }

    @Test func `what cannot even be killed is given up, and the next kind has its turn`() {
        var machine = GuardianStateMachine([process(10, .program), process(20, .server)])
        let present = table((10, 1, 10, 100), (20, 1, 20, 100))
        _ = machine.step(present, now: start)
        #expect(
            machine.step(present, now: start.advanced(by: .seconds(9))) == [.signalGroup(leader: 10, SIGKILL)])
        #expect(machine.step(present, now: start.advanced(by: .seconds(10))) == asked(20))
    }

    @Test func `lines add, replace and remove`() {
        var machine = GuardianStateMachine()
        machine.receive(.add(process(10, .program)))
        machine.receive(.add(process(11, .program)))
        machine.receive(.add(process(11, .server, signal: SIGINT)))
        machine.receive(.remove(10))
        #expect(
            machine.step(table((10, 1, 10, 100), (11, 1, 11, 100)), now: start) == asked(11, SIGINT))
    }

    @Test(arguments: [
        "", "add", "add 1 100 program 15", "add 10 100 program", "add x 100 program 15", "add 10 100 cat 15",
        "add 10 100 program 15 16", "remove", "remove x", "kill 10",
    ])
    func `a line that is not one is refused`(_ line: String) {
        #expect(GuardianLine(line) == nil)
    }

    @Test func `a line says what it was made of`() throws {
        for kind in GuardedProcess.Kind.allCases {
            let line = GuardianLine.add(process(10, kind, signal: SIGINT))
            #expect(line.text.hasSuffix("\n"))
            #expect(GuardianLine(line.text.dropLast()) == line)
        }
        #expect(GuardianLine("remove 7") == .remove(7))
    }
}
