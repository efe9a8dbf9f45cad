import Glibc

/// Decides what a guardian does: whom to signal, in what order, and when it is done.
///
/// Lines are received while `run` lives; once it is gone, `step` is called with what runs now until it says
/// `.finished`. A process is only ever signalled when number and start time, or its group, prove that it is the
/// registered one.
struct GuardianStateMachine: Sendable {
    enum Action: Sendable, Equatable {
        case signal(pid: Int32, Int32)
        /// Every process of the group that this process leads.
        case signalGroup(leader: Int32, Int32)
        case finished
    }

    private struct Watched {
        let process: GuardedProcess
        /// It, its group, and what these started, as far as seen.
        var members: Set<ProcessIdentity> = []
        var signalled = false
    }

    private var watched: [Watched] = []
    private var stage: Stage?

    private struct Stage {
        let kind: GuardedProcess.Kind
        let began: ContinuousClock.Instant
    }

    /// What a killed process may still take to go away; after that it is given up (it is stuck in the kernel).
    private static let lastWait: Duration = .seconds(5)

    init(_ processes: [GuardedProcess] = []) {
        watched = processes.map { Watched(process: $0) }
    }

    mutating func receive(_ line: GuardianLine) {
        switch line {
        case .add(let process):
            watched.removeAll { $0.process.identity.pid == process.identity.pid }
            watched.append(Watched(process: process))
        case .remove(let pid):
            watched.removeAll { $0.process.identity.pid == pid }
        }
    }

    /// What to do now; to be called again every few tens of milliseconds until it returns `.finished`.
    mutating func step(_ table: ProcessTable, now: ContinuousClock.Instant) -> [Action] {
        for index in watched.indices { follow(&watched[index], in: table) }
        watched.removeAll { $0.members.isEmpty }

        while let kind = GuardedProcess.Kind.allCases.first(where: { kind in
            watched.contains { $0.process.kind == kind }
        }) {
            if stage?.kind != kind { stage = Stage(kind: kind, began: now) }
            let waited = stage?.began.duration(to: now) ?? .zero
            if waited < kind.grace + Self.lastWait {
                return watched.indices.flatMap { index in
                    watched[index].process.kind == kind ? act(on: &watched[index], in: table, after: waited) : []
                }
            }
            watched.removeAll { $0.process.kind == kind }
        }
        return [.finished]
    }

    private func follow(_ entry: inout Watched, in table: ProcessTable) {
        let leader = entry.process.identity
        var members = entry.members.filter(table.isRunning)
        if table.isRunning(leader) { members.insert(leader) }
        // A number that is a group's is not given to a new process; so a leader that is absent means: still our group.
        if table[leader.pid].map({ $0.identity == leader }) ?? true {
            for process in table.all where process.group == leader.pid && !process.isZombie {
                members.insert(process.identity)
            }
        }
        members.formUnion(table.descendants(of: Set(members.map(\.pid))))
        entry.members = members
    }

    private func act(on entry: inout Watched, in table: ProcessTable, after waited: Duration) -> [Action] {
        let leader = entry.process.identity
        if waited >= entry.process.kind.grace {
            let group = entry.members.filter { table[$0.pid]?.group == leader.pid }
            let others = entry.members.subtracting(group).map(\.pid).sorted()
            return (group.isEmpty ? [] : [.signalGroup(leader: leader.pid, SIGKILL)])
                + others.map { .signal(pid: $0, SIGKILL) }
        }
        guard !entry.signalled else { return [] }
        entry.signalled = true
        // The leader alone: a server ends its own children in good order. Without it, each is told.
        let told = table.isRunning(leader) ? [leader.pid] : entry.members.map(\.pid).sorted()
        // A process that was stopped would not see its signal otherwise.
        return told.flatMap { [.signal(pid: $0, entry.process.signal), .signal(pid: $0, SIGCONT)] }
    }
}
