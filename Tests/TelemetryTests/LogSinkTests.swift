import Glibc
import Logging
import Testing

@testable import Telemetry

/// Both ends of a pipe, closed with this object.
private final class Pipe {
    let reader: Int32
    let writer: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        (reader, writer) = (ends[0], ends[1])
    }

    deinit {
        close(reader)
        close(writer)
    }

    /// What is in the pipe, at most 64 KiB.
    func take() -> String {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = read(reader, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}

struct LogSinkTests {
    private func logger(to pipe: Pipe, level: Logger.Level = .info) -> Logger {
        Logger(label: "test") { label in
            StructuredLogHandler(
                label: label, level: level, format: .text, metadata: ["worker": "w1"],
                sink: LogSink(descriptor: pipe.writer, patience: 1))
        }
    }

    @Test func `a logger writes its lines with the process's fields and its own`() throws {
        let pipe = try Pipe()
        var logger = logger(to: pipe)
        logger[metadataKey: "job"] = "j1"
        logger.debug("unseen")
        logger.info("started", metadata: ["job": "j2"])
        logger.error("failed", error: LoggedError())
        let lines = pipe.take().split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0].hasSuffix("level=info event=started job=j2 worker=w1"))
        #expect(lines[1].hasSuffix("level=error event=failed job=j1 worker=w1 error=\"no luck\""))
    }

    @Test func `a reader that hangs costs lines, and the next line says how many`() throws {
        let pipe = try Pipe()
        let logger = logger(to: pipe)
        let filler = String(repeating: "x", count: 1000)
        // A pipe holds 64 KiB: the rest cannot be written while nobody reads.
        for _ in 0..<100 { logger.info("filling", metadata: ["code": .string(filler)]) }
        let written = pipe.take().split(separator: "\n").count
        #expect(written < 100)
        logger.info("after")
        #expect(pipe.take().contains("event=after worker=w1 dropped_lines=\(100 - written)"))
        logger.info("later")
        #expect(!pipe.take().contains("dropped"))
    }
}

private struct LoggedError: Error, CustomStringConvertible {
    var description: String { "no luck" }
}
