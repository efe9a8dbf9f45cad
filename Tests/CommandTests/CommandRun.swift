import Foundation
import TestSupport

/// The built coordinator, run to its end.
struct CommandRun {
    let exit: Int32
    let output: String
    let talk: String

    /// - Parameter environment: instead of the tests' own variables of these names.
    init(_ arguments: [String], input: String = "", environment: [String: String] = [:]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: BuiltProducts.path("coordinator"))
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (output, talk, source) = (Pipe(), Pipe(), Pipe())
        (process.standardOutput, process.standardError, process.standardInput) = (output, talk, source)
        try process.run()
        // All of it fits into the pipes.
        source.fileHandleForWriting.write(Data(input.utf8))
        try source.fileHandleForWriting.close()
        self.output = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        self.talk = String(decoding: talk.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        exit = process.terminationStatus
    }
}

/// A file that goes away with this.
final class TemporaryFile {
    let path: String
    private let folder: String

    init(_ text: String, _ name: String) throws {
        folder = NSTemporaryDirectory() + "tessera-command-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        path = "\(folder)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }
}
