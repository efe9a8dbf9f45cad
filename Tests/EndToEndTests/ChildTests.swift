import Foundation
import Glibc
import Messages
import Processes
import TestSupport
import Testing

/// A worker's child process, spoken to as its worker does.
struct ChildTests {
    /// The shell that stands for ruff writes its number and its own limit of data, then hangs.
    private static func makeTool(in folder: String) throws -> String {
        let path = "\(folder)/ruff"
        let script = """
            #!/bin/sh
            echo $$ $(ulimit -S -d) $PWD > \(folder)/new && mv \(folder)/new \(folder)/said
            sleep 1000

            """
        try Data(script.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    private static func send(_ request: WireChildRequest, to socket: Int32) {
        let frame = request.frame
        let length = withUnsafeBytes(of: UInt32(frame.count).bigEndian, Array.init)
        _ = (length + frame).withUnsafeBytes { write(socket, $0.baseAddress, $0.count) }
    }

    private static func isAlive(_ pid: Int32) -> Bool {
        let state = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8).split(separator: " ")[2]
        return state != nil && state != "Z" && state != "X"
    }

    @Test func `a tool has its own room of memory, and goes with the child that started it, its folder too`()
        async throws
    {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let providers = "\(folder)/providers.yaml"
        try Data("providers:\n  - {name: p, endpoint: \"http://127.0.0.1:1/v1\"}\n".utf8)
            .write(to: URL(fileURLWithPath: providers))
        var ends: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
        defer { for end in ends { close(end) } }
        let child = try ProcessSpawn(
            [BuiltProducts.path("worker"), "child", "--memory-bytes", "\(512 << 20)", "--providers", providers],
            environment: ["PATH=/usr/bin:/bin", "TMPDIR=\(folder)"], input: .descriptor(ends[1]),
            output: .descriptor(ends[1]), errors: .descriptor(STDERR_FILENO)
        ).start()
        defer {
            kill(child, SIGKILL)
            waitpid(child, nil, 0)
        }
        var spec = WireChildRequest()
        spec.hash = Data(repeating: 7, count: 32)
        spec.spec.name = "lint"
        spec.spec.inputs = ["code"]
        spec.spec.lint.codeLanguage = "python"
        Self.send(spec, to: ends[0])
        var call = WireChildRequest()
        call.call.number = 1
        call.call.spec = spec.hash
        call.call.tool.path = try Self.makeTool(in: folder)
        call.call.tool.timeoutMilliseconds = 900_000
        var code = WireValue()
        code.text = "x = 1"
        call.call.cell.inputs = [code]
        Self.send(call, to: ends[0])
        try await eventually("the tool runs") { FileManager.default.fileExists(atPath: "\(folder)/said") }
        let said = try String(contentsOfFile: "\(folder)/said", encoding: .utf8).split(whereSeparator: \.isWhitespace)
        let tool = try #require(Int32(said[0]))
        defer { kill(-tool, SIGKILL) }
        #expect(said[1] == "4194304", "KiB, whatever its parent is held to")
        #expect(Self.isAlive(tool) && FileManager.default.fileExists(atPath: "\(said[2])/0.py"))

        kill(child, SIGKILL)
        try await eventually("the tool is gone", within: .seconds(20)) { !Self.isAlive(tool) }
        try await eventually("its folder is gone", within: .seconds(20)) {
            !FileManager.default.fileExists(atPath: String(said[2]))
        }
    }
}
