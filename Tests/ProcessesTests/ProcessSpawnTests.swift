import Foundation
import Glibc
import Testing

@testable import Processes

struct ProcessSpawnTests {
    /// Runs a script of the shell to its end; how it ended, and what it printed.
    private static func run(
        _ script: String, environment: [String] = ["PATH=/usr/bin:/bin"],
        change: (inout ProcessSpawn) -> Void = { _ in }
    ) async throws -> (status: Int32, output: String) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("output").path
        var spawn = ProcessSpawn(
            ["/bin/sh", "-c", script], environment: environment, input: .nothing, output: .file(file),
            errors: .descriptor(STDERR_FILENO))
        change(&spawn)
        let pid = try spawn.start()
        let status = try await BackgroundThread.run {
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
            return status
        }
        return (status, try String(contentsOfFile: file, encoding: .utf8))
    }

    @Test func `a program has the environment that is named, and no other`() async throws {
        setenv("TESSERA_SECRET_OF_A_TEST", "s", 1)
        let (status, output) = try await Self.run("/usr/bin/env", environment: ["A=1", "B=two words"])
        #expect(status == 0)
        let lines = Set(output.split(separator: "\n").map(String.init))
        #expect(lines.isSuperset(of: ["A=1", "B=two words"]))
        #expect(!output.contains("TESSERA_SECRET_OF_A_TEST"))
    }

    @Test func `a program has its three descriptors, and none that is open here`() async throws {
        // Not marked close-on-exec, as one may be that a library just opened.
        let open = Glibc.open("/dev/null", O_RDONLY)
        defer { close(open) }
        #expect(open > 2)
        let (_, output) = try await Self.run(
            "for i in /proc/$$/fd/*; do echo ${i##*/}; done; read line || echo nothing")
        let lines = output.split(separator: "\n").map(String.init)
        #expect(lines.contains("0") && lines.contains("1") && lines.contains("2"))
        #expect(!lines.contains("\(open)"), "it has \(lines)")
        #expect(lines.last == "nothing", "its input is not empty")
    }

    @Test func `a program leads a session of its own, or stays in ours`() async throws {
        // Of /proc/PID/stat: the fifth and sixth field are group and session; the name in the second has no space here.
        let script = "read pid name state parent group session rest < /proc/$$/stat; echo $$ $group $session"
        func ids(_ leads: Bool) async throws -> [String] {
            try await Self.run(script) { $0.leadsSession = leads }.output.split(whereSeparator: \.isWhitespace)
                .map(String.init)
        }
        let own = try await ids(true)
        #expect(own[1] == own[0] && own[2] == own[0])
        let ours = try await ids(false)
        #expect(ours[1] == "\(getpgrp())" && ours[2] == "\(getsid(0))")
    }

    @Test func `a program has no signal blocked or ignored that is so here`() async throws {
        var blocked = sigset_t()
        var before = sigset_t()
        sigemptyset(&blocked)
        sigaddset(&blocked, SIGUSR1)
        // Of the thread that starts it.
        pthread_sigmask(SIG_BLOCK, &blocked, &before)
        let handler = signal(SIGUSR2, SIG_IGN)
        defer { signal(SIGUSR2, handler) }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let spawn = ProcessSpawn(
            ["/bin/grep", "^Sig[BI]", "/proc/self/status"], environment: [], input: .nothing, output: .file(folder),
            errors: .nothing)
        let pid = try spawn.start()
        pthread_sigmask(SIG_SETMASK, &before, nil)
        _ = try await BackgroundThread.run { waitpid(pid, nil, 0) }
        let lines = try String(contentsOfFile: folder, encoding: .utf8).split(separator: "\n")
        let masks = lines.compactMap { $0.split(whereSeparator: \.isWhitespace).last }
            .compactMap { UInt64($0, radix: 16) }
        try #require(masks.count == 2, "\(lines)")
        #expect(masks[0] & 1 << UInt64(SIGUSR1 - 1) == 0, "SIGUSR1 is blocked")
        #expect(masks[1] & 1 << UInt64(SIGUSR2 - 1) == 0, "SIGUSR2 is ignored")
    }

    @Test func `a program that is not there is an error that names it`() {
        let spawn = ProcessSpawn(
            ["/nowhere/program"], environment: [], input: .nothing, output: .nothing, errors: .nothing)
        let error = #expect(throws: ProcessError.self) { try spawn.start() }
        #expect(error?.code == .cannotStart)
        #expect(error?.description == "cannot start /nowhere/program: No such file or directory")
        let nothing = ProcessSpawn([], environment: [], input: .nothing, output: .nothing, errors: .nothing)
        #expect(throws: ProcessError.self) { try nothing.start() }
    }
}
