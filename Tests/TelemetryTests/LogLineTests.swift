import Logging
import Testing

@testable import Telemetry

struct LogLineTests {
    private let start = Timestamp(milliseconds: 1_795_273_445_006)

    private func text(
        _ format: LogFormat, _ message: String, _ metadata: Logger.Metadata = [:], label: String = "worker"
    ) -> String {
        let line = LogLine(timestamp: start, level: .info, message: message, label: label, metadata: metadata)
        return String(decoding: line.bytes(format), as: UTF8.self)
    }

    @Test func `the fixed keys come first and in their order`() {
        let metadata: Logger.Metadata = [
            "zone": "b", "next": "retry", "job": "01JC7Q", "broker": "local", "attempt": .stringConvertible(2),
        ]
        #expect(
            text(.json, "cell_failed", metadata)
                == #"{"ts":"2026-11-21T15:04:05.006Z","level":"info","event":"cell_failed","job":"01JC7Q","attempt":2,"#
                + #""next":"retry","broker":"local","zone":"b"}"# + "\n")
        #expect(
            text(.text, "cell_failed", metadata)
                == "ts=2026-11-21T15:04:05.006Z level=info event=cell_failed job=01JC7Q attempt=2 next=retry "
                + "broker=local zone=b\n")
    }

    @Test func `a sentence is the message and its event is named beside it`() {
        #expect(
            text(.text, "taking no tasks", ["event": "paused"]).hasSuffix(
                #"event=paused message="taking no tasks""# + "\n"))
        #expect(text(.text, "taking no tasks", label: "amqp").contains("event=amqp "))
    }

    @Test func `quotes, line feeds and control characters are escaped in both formats`() {
        let value: Logger.Metadata = ["code": "a \"b\"\n\u{1}é\\"]
        #expect(text(.json, "x", value).hasSuffix(#""code":"a \"b\"\n\u0001é\\"}"# + "\n"))
        #expect(text(.text, "x", value).hasSuffix(#"code="a \"b\"\n\u0001é\\""# + "\n"))
        #expect(text(.text, "x", ["code": ""]).hasSuffix("code=\"\"\n"))
    }

    @Test func `numbers and truth values are no strings in JSON`() {
        let metadata: Logger.Metadata = [
            "ms": .stringConvertible(1.5), "retryable": .stringConvertible(true),
            "attempt": .stringConvertible(UInt8(3)),
        ]
        #expect(text(.json, "x", metadata).contains(#""attempt":3,"ms":1.5,"retryable":true"#))
    }

    @Test(arguments: LogFormat.allCases)
    func `a line is never longer than one piece of a pipe and still ends`(_ format: LogFormat) {
        let long = String(repeating: "é\"", count: 40_000)
        var metadata: Logger.Metadata = ["job": .string(long)]
        for index in 0..<500 { metadata["extra\(index)"] = .string(long) }
        let line = text(format, long, metadata)
        #expect(line.utf8.count <= LogLine.byteLimit)
        #expect(line.contains("job"))
        #expect(line.hasSuffix(format == .json ? "\"}\n" : "\"\n"))
    }

    @Test func `times before 1970 and leap days are right`() {
        #expect(Timestamp(milliseconds: -1).description == "1969-12-31T23:59:59.999Z")
        #expect(Timestamp(milliseconds: 0).description == "1970-01-01T00:00:00.000Z")
        #expect(Timestamp(milliseconds: 951_782_400_000).description == "2000-02-29T00:00:00.000Z")
        #expect(Timestamp(milliseconds: 4_107_542_400_000).description == "2100-03-01T00:00:00.000Z")
    }

    @Test func `levels have their names and warn is warning`() {
        #expect(Logger.Level(named: "WARN") == .warning)
        #expect(Logger.Level(named: "debug") == .debug)
        #expect(Logger.Level(named: "loud") == nil)
    }
}
