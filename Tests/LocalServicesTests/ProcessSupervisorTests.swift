import Glibc
import Logging
import Processes
import Testing

@testable import LocalServices

@Suite(.timeLimit(.minutes(1)))
struct ProcessSupervisorTests {
    private let folder = TemporaryFolder()
    private let supervisor: ProcessSupervisor
    private let fifo: String

    init() throws {
        try FileSystem.makeDirectory("\(folder.path)/state")
        supervisor = ProcessSupervisor(
            stateDirectory: "\(folder.path)/state", guardian: nil, logger: Logger(label: "test"))
        fifo = "\(folder.path)/fifo"
        try #require(mkfifo(fifo, 0o600) == 0)
    }

    /// A process that runs a script; what the script writes to `$FIFO` is a test's signal.
    private func script(_ script: String, grace: Duration = .seconds(30), isRestarted: Bool = true) -> SupervisedProcess
    {
        SupervisedProcess(
            name: "script", executable: "/bin/sh", arguments: ["-c", script], environment: ["FIFO": fifo],
            logFile: "\(folder.path)/state/logs/script.log", grace: grace, isRestarted: isRestarted)
    }

    /// The next thing written there, without white space at its end.
    private func message() async -> String {
        let fifo = fifo
        let text = try! await BackgroundThread.run { FileSystem.text(fifo) ?? "" }
        return text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    @Test func `a process that dies is started again, and its end is told`() async throws {
        try await supervisor.start(script(#"echo $$ >"$FIFO"; exec sleep 1000"#))
        let first = await message()
        #expect(await supervisor.processID(of: "script").map(String.init) == first)
        await supervisor.kill("script", SIGKILL)
        var exits = supervisor.exits.makeAsyncIterator()
        #expect(
            await exits.next()
                == ProcessExit(name: "script", status: .killed(signal: SIGKILL), restartsAfter: .milliseconds(200)))
        let second = await message()
        #expect(!second.isEmpty && second != first)
        await supervisor.stop()
        #expect(await exits.next() == nil)
        #expect(kill(try #require(Int32(second)), 0) != 0)
    }

    @Test func `one that is not to be restarted is told and forgotten`() async throws {
        try await supervisor.start(script("exit 3", isRestarted: false))
        var exits = supervisor.exits.makeAsyncIterator()
        #expect(await exits.next() == ProcessExit(name: "script", status: .exited(code: 3), restartsAfter: nil))
        #expect(await supervisor.processID(of: "script") == nil)
        await supervisor.stop()
    }

    @Test func `it has a session of its own, the mark of its state directory, and our environment`() async throws {
        try await supervisor.start(
            script(#"{ ps -o sess= -p $$; pwd; env; } >"$FIFO"; exec sleep 1000"#))
        let words = await message().split(separator: " ").map(String.init)
        #expect(await supervisor.processID(of: "script").map(String.init) == words[0])
        #expect(words[1] == FileSystem.realPath("."))
        let state = try #require(FileSystem.realPath("\(folder.path)/state"))
        #expect(words.contains("TESSERA_STATE_DIRECTORY=\(state)"))
        #expect(words.contains { $0.hasPrefix("PATH=") })
        await supervisor.stop()
    }

    @Test func `what ignores SIGTERM is killed with all that it started`() async throws {
        let script = #"trap '' TERM; sleep 1000 & setsid sleep 1000 & echo $$ $(pgrep -P $$ sleep) >"$FIFO"; wait"#
        try await supervisor.start(self.script(script, grace: .milliseconds(10)))
        let started = await message().split(separator: " ").compactMap { Int32($0) }
        #expect(started.count == 3)
        let identities = Set(started.compactMap { ProcessTable.entry(of: $0)?.identity })
        #expect(identities.count == 3)
        await supervisor.stop()
        await ProcessTable.untilGone(identities)
    }

    @Test func `what a process leaves in its group ends with it`() async throws {
        try await supervisor.start(script(#"sleep 1000 & echo $! >"$FIFO""#, isRestarted: false))
        let orphan = try #require(Int32(await message()))
        var exits = supervisor.exits.makeAsyncIterator()
        _ = await exits.next()
        if let identity = ProcessTable.entry(of: orphan)?.identity { await ProcessTable.untilGone([identity]) }
        await supervisor.stop()
    }

    @Test func `a program that is not there is refused`() async throws {
        var process = script("")
        process.executable = "\(folder.path)/absent"
        let error = await #expect(throws: LocalServicesError.self) { try await supervisor.start(process) }
        #expect(error?.code == .startFailed)
        #expect(error?.message.contains("/absent") == true)
        await supervisor.stop()
    }

    @Test func `a process that is held back and let go of has done nothing`() async throws {
        let launch = ProcessLaunch(
            command: ["/bin/sh", "-c", "touch \(folder.path)/touched"], environment: ["PATH=/usr/bin:/bin"],
            logFile: "\(folder.path)/log")
        let child = try ChildProcess(launch.spawn().identity)
        #expect(await child.exit() == .exited(code: 1))
        #expect(FileSystem.information("\(folder.path)/touched", followingLinks: true) == nil)

        let held = try launch.spawn()
        let released = try ChildProcess(held.identity)
        held.release()
        #expect(await released.exit() == .exited(code: 0))
        #expect(FileSystem.information("\(folder.path)/touched", followingLinks: true) != nil)
    }
}
