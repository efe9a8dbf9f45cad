import Foundation
import Glibc
import LocalServices
import Logging

/// A program that is measured; its output goes to a file.
final class BenchProcess {
    /// What was started does not outlive a benchmark that is interrupted.
    static let guardian = Task {
        try await GuardianHandle.spawn(
            executable: own("coordinator"), logFile: NSTemporaryDirectory() + "tessera-bench-guardian.log",
            logger: Logger(label: "bench"))
    }

    private let process = Process()
    let logFile: String

    init(_ program: String, _ arguments: [String], _ environment: [String: String], log: String, folder: String) throws
    {
        logFile = log
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        let output = FileHandle(forWritingAtPath: log)
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let pid = process.processIdentifier
        Task { [guardian = Self.guardian] in try await guardian.value.add(program: pid) }
    }

    var pid: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    func stop(_ signal: Int32 = SIGTERM) {
        guard process.isRunning else { return }
        kill(pid, signal)
        process.waitUntilExit()
    }

    /// Runs a program to its end and returns its standard output.
    static func output(
        _ program: String, _ arguments: [String], _ environment: [String: String] = [:], folder: String = "."
    )
        throws -> String
    {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchError("\(program) \(arguments.joined(separator: " ")) ended with \(process.terminationStatus)")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// A program of this package's build.
    static func own(_ name: String) -> String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (own as NSString).deletingLastPathComponent + "/" + name
    }
}

struct BenchError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
