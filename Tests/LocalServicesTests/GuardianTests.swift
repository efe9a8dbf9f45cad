import Glibc
import Logging
import Processes
import Testing

@testable import LocalServices

@Suite(.timeLimit(.minutes(1)))
struct GuardianTests {
    private let folder = TemporaryFolder()

    private func sleeper(guardian: GuardianHandle) async throws -> ChildProcess {
        let launcher = ProcessLauncher(stateDirectory: folder.path, guardian: guardian)
        return try await launcher.start(
            ProcessLaunch(command: ["/bin/sleep", "1000"], environment: [], logFile: "\(folder.path)/log"), .program)
    }

    @Test func `closing it stops what is registered, and leaves alone what was taken back`() async throws {
        let guardian = try await TestHost.guardian(logFile: "\(folder.path)/guardian.log")
        let guarded = try await sleeper(guardian: guardian)
        let free = try await sleeper(guardian: guardian)
        await guardian.remove(free.pid)
        await guardian.close()
        #expect(await guarded.exit() == .killed(signal: SIGTERM))
        #expect(await free.status == nil)
        #expect(await free.end(SIGTERM, within: .seconds(5)) == .killed(signal: SIGTERM))
    }

    @Test func `a guardian that is killed is replaced by one that knows the same`() async throws {
        let guardian = try await TestHost.guardian(logFile: "\(folder.path)/guardian.log")
        let guarded = try await sleeper(guardian: guardian)
        let first = try #require(await guardian.pid)
        kill(first, SIGKILL)
        await guardian.untilReplaced(first)
        await guardian.close()
        #expect(await guarded.exit() == .killed(signal: SIGTERM))
    }

    @Test func `it does not end by the signals that end its owner`() async throws {
        let guardian = try await TestHost.guardian(logFile: "\(folder.path)/guardian.log")
        let guarded = try await sleeper(guardian: guardian)
        let pid = try #require(await guardian.pid)
        // Ignored from the moment it answers to; it registers before that, and so it runs.
        await ProcessTable.untilIgnoring(SIGTERM, pid)
        for number in [SIGTERM, SIGINT, SIGHUP] { kill(pid, number) }
        await guardian.close()
        #expect(await guarded.exit() == .killed(signal: SIGTERM))
        #expect(await guardian.pid == pid)
    }
}

extension GuardianHandle {
    fileprivate func untilReplaced(_ pid: Int32) async {
        while self.pid == pid || self.pid == nil { try! await BackgroundThread.run { _ = poll(nil, 0, 10) } }
    }
}

extension ProcessTable {
    /// Returns when that process ignores a signal (`SigIgn` in `/proc/PID/status`).
    fileprivate static func untilIgnoring(_ number: Int32, _ pid: Int32) async {
        try! await BackgroundThread.run {
            while true {
                let line = FileSystem.text("/proc/\(pid)/status")?.split(separator: "\n").first {
                    $0.hasPrefix("SigIgn")
                }
                let mask = line?.split(whereSeparator: \.isWhitespace).last.flatMap { UInt64($0, radix: 16) } ?? 0
                if mask & 1 << UInt64(number - 1) != 0 { return }
                poll(nil, 0, 10)
            }
        }
    }
}
