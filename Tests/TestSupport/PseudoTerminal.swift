import Foundation
import Glibc

/// Runs a program with a real pseudo-terminal as its stdout and stderr, and keeps what it writes there.
package final class PseudoTerminal: Sendable {
    package let columns: Int
    private let process: Process
    private let reader: Task<[UInt8], Never>

    package init(
        _ program: String, _ arguments: [String], environment: [String: String], folder: String, columns: Int, rows: Int
    ) throws {
        self.columns = columns
        var (master, slave): (Int32, Int32) = (-1, -1)
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        guard openpty(&master, &slave, nil, nil, &size) == 0 else { throw NeverHappened("no pseudo-terminal") }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        let end = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
        process.standardOutput = end
        process.standardError = end
        process.standardInput = FileHandle.nullDevice
        self.process = process
        try process.run()
        close(slave)
        let descriptor = master
        reader = Task {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread { continuation.resume(returning: Self.read(descriptor)) }
            }
        }
    }

    /// To the end: EIO, when the program has closed its side.
    private static func read(_ descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                close(descriptor)
                return bytes
            }
            bytes += piece[..<count]
        }
    }

    package func signal(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for its end: the exit code, and everything it wrote.
    package func end() async -> (exit: Int32, text: String) {
        let bytes = await reader.value
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
    }
}
