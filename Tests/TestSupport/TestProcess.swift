import Foundation
import Glibc

/// A program under test, with its output in a file.
package final class TestProcess: Sendable {
    package let name: String
    package let logFile: String
    private let process: Foundation.Process
    private let ended: AsyncStream<Int32>
    private let status = StatusBox()

    /// Starts it. It is killed when the object goes away, should a test forget.
    package init(
        _ name: String, program: String, _ arguments: [String], environment: [String: String] = [:], folder: String
    ) throws {
        self.name = name
        logFile = "\(folder)/\(name).log"
        _ = FileManager.default.createFile(atPath: logFile, contents: nil)
        let process = Foundation.Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        var variables = ProcessInfo.processInfo.environment
        for (key, value) in environment { variables[key] = value }
        process.environment = variables
        let output = FileHandle(forWritingAtPath: logFile)
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
        ended = stream
        process.terminationHandler = { [status] process in
            let code =
                process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
            status.set(code)
            continuation.yield(code)
            continuation.finish()
        }
        self.process = process
        try process.run()
    }

    deinit { if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) } }

    package var pid: Int32 { process.processIdentifier }
    package var isRunning: Bool { status.value == nil }

    package func signal(_ signal: Int32) { Glibc.kill(pid, signal) }

    /// Its exit code, or minus the signal that ended it.
    package func exit() async -> Int32 {
        for await code in ended { return code }
        return status.value ?? -1
    }

    package var log: String { (try? String(contentsOfFile: logFile, encoding: .utf8)) ?? "" }
}

private final class StatusBox: @unchecked Sendable {
    // SAFETY: `lock` guards `code`.
    private let lock = NSLock()
    private var code: Int32?
    func set(_ value: Int32) { lock.withLock { code = value } }
    var value: Int32? { lock.withLock { code } }
}
