import Glibc
import Processes

/// A process that this one started: asked, awaited, and never mistaken for another that has its number later. What is
/// left of its process group is killed when it ends.
actor ChildProcess {
    nonisolated let identity: ProcessIdentity
    nonisolated var pid: Int32 { identity.pid }

    private var ending: ExitStatus?
    private var waiters: [Int: CheckedContinuation<ExitStatus?, Never>] = [:]
    private var lastWaiter = 0

    /// Takes over the waiting for a child of this process. Nobody else may wait for it.
    ///
    /// - Throws: `.startFailed` when there is no thread to wait on; the child was killed then.
    init(_ identity: ProcessIdentity) throws(LocalServicesError) {
        self.identity = identity
        let pid = identity.pid
        // A thread each: children are few, and waiting for a given one has no call that does not block.
        do throws(ProcessError) {
            try BackgroundThread.start {
                // The process stays a zombie, and its number its own, until `ended` reaps it.
                var information = siginfo_t()
                while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
                Task { await self.ended() }
            }
        } catch {
            kill(-pid, SIGKILL)
            waitpid(pid, nil, 0)
            throw LocalServicesError(.startFailed, error.description)
        }
    }

    /// How it ended; nothing while it runs.
    var status: ExitStatus? { ending }

    /// Sends a signal to it, and with `alsoToDescendants` to all that it started; does nothing once it has ended.
    func signal(_ number: Int32, alsoToDescendants: Bool = false) {
        guard ending == nil else { return }
        let others = alsoToDescendants ? ProcessTable.read().descendants(of: [pid]) : []
        kill(pid, number)
        for other in others { kill(other.pid, number) }
    }

    /// Asks it to end with that signal, and kills it with all that it started when it has not after `limit`.
    ///
    /// Returns when it has ended; one that was stopped (SIGSTOP) is continued, or it would not see its signal.
    func end(_ number: Int32, within limit: Duration) async -> ExitStatus {
        signal(number)
        signal(SIGCONT, alsoToDescendants: true)
        if let status = await exit(within: limit) { return status }
        signal(SIGKILL, alsoToDescendants: true)
        return await exit()
    }

    /// Waits until it has ended.
    func exit() async -> ExitStatus {
        while true {
            if let status = await wait(for: nil) { return status }
        }
    }

    /// Waits until it has ended, at most this long; nothing when it still runs.
    func exit(within limit: Duration) async -> ExitStatus? { await wait(for: limit) }

    private func wait(for limit: Duration?) async -> ExitStatus? {
        if let ending { return ending }
        lastWaiter += 1
        let waiter = lastWaiter
        if let limit {
            // Not a child task: a caller that is cancelled still waits for the end of the process.
            Task {
                try? await Task.sleep(for: limit)
                self.waiters.removeValue(forKey: waiter)?.resume(returning: nil)
            }
        }
        return await withCheckedContinuation { waiters[waiter] = $0 }
    }

    private func ended() {
        // What is left of its group ends with it. Not reaped yet, its number is still its group's.
        kill(-pid, SIGKILL)
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        let signal = status & 0x7f
        let ending: ExitStatus = signal == 0 ? .exited(code: (status >> 8) & 0xff) : .killed(signal: signal)
        self.ending = ending
        for waiter in waiters.values { waiter.resume(returning: ending) }
        waiters = [:]
    }
}
