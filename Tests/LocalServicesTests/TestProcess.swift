import Glibc
import Processes

@testable import LocalServices

/// A command that a test runs and reads the output of.
struct TestProcess {
    let child: ChildProcess
    private let output: Int32

    init(_ command: [String]) throws {
        var ends: [Int32] = [-1, -1]
        let status = socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
        let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
        precondition(status == 0 && nothing >= 0)
        let pid = try ProcessLaunch.spawn(command, ["PATH=/usr/bin:/bin"], input: nothing, output: ends[1])
        close(nothing)
        close(ends[1])
        guard let entry = ProcessTable.entry(of: pid) else { throw LocalServicesError(.startFailed, "\(command)") }
        child = try ChildProcess(entry.identity)
        output = ends[0]
    }

    /// What it printed up to and with a line, or up to its end.
    func output(upTo line: String? = nil) async -> String {
        let output = output
        return try! await BackgroundThread.run {
            var text: [UInt8] = []
            var byte: UInt8 = 0
            while read(output, &byte, 1) == 1 {
                text.append(byte)
                guard byte == UInt8(ascii: "\n"), let line else { continue }
                let last = text.dropLast().split(separator: UInt8(ascii: "\n")).last ?? []
                if String(decoding: last, as: UTF8.self) == line { break }
            }
            return String(decoding: text, as: UTF8.self)
        }
    }

    /// Runs a command to its end; what it printed.
    static func output(of command: String...) async throws -> String {
        let process = try TestProcess(command)
        let text = await process.output()
        _ = await process.child.exit()
        close(process.output)
        return text
    }
}

extension ProcessTable {
    /// Returns when none of these runs any more. The system tells nobody but a parent of a process's end.
    static func untilGone(_ processes: Set<ProcessIdentity>) async {
        try! await BackgroundThread.run {
            while processes.contains(where: ProcessTable.read().isRunning) { poll(nil, 0, 20) }
        }
    }
}
