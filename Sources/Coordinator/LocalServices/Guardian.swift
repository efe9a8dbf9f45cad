import Glibc

/// Outlives `coordinator run` for as long as it takes to stop what `run` had started.
///
/// `run` spawns it with a pipe to its standard input and registers every child there. The kernel closes that pipe
/// however `run` ends, SIGKILL included, and nothing else does.
package enum Guardian {
    /// Reads registrations (see ``GuardedProcess``) until the input ends, then stops what is registered: programs,
    /// servers, helpers, each asked first and killed when its time is over. Returns when all are gone.
    ///
    /// Blocks its thread, and makes this process ignore SIGINT, SIGTERM, SIGHUP and SIGPIPE: it ends with its owner.
    package static func main(input: Int32 = STDIN_FILENO) {
        for ignored in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { signal(ignored, SIG_IGN) }

        var machine = GuardianStateMachine()
        var pending: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(input, &piece, piece.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            pending.append(contentsOf: piece[..<count])
            while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                if let line = GuardianLine(String(decoding: pending[..<end], as: UTF8.self)) { machine.receive(line) }
                pending.removeSubrange(...end)
            }
        }

        while !carryOut(machine.step(.read(), now: .now)) { usleep(20_000) }
    }

    /// Stops these in the guardian's order; for what an earlier run left behind.
    static func stop(_ processes: [GuardedProcess]) async {
        guard !processes.isEmpty else { return }
        var machine = GuardianStateMachine(processes)
        while !carryOut(machine.step(.read(), now: .now)) {
            // A cancelled caller must not turn this into a busy loop, nor leave anything running.
            await Task { try? await Task.sleep(for: .milliseconds(20)) }.value
        }
    }

    /// True when there is nothing left to do.
    private static func carryOut(_ actions: [GuardianStateMachine.Action]) -> Bool {
        for action in actions {
            switch action {
            case .signal(let pid, let number): kill(pid, number)
            case .signalGroup(let leader, let number): kill(-leader, number)
            case .finished: return true
            }
        }
        return false
    }
}
