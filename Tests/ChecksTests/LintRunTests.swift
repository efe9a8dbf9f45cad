import Foundation
import Inference
import JSON
import Messages
import Testing

@testable import Checks

/// Tools as the tests find them: on the PATH, in TESSERA_TEST_TOOLS, and where scripts/install-tools puts them.
enum TestTools {
    static let programs: [CodeTool: ToolProgram] = {
        let environment = ProcessInfo.processInfo.environment
        let own = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../.build/tools/bin").standardizedFileURL.path
        let path = [environment["TESSERA_TEST_TOOLS"], own, environment["PATH"]].compactMap { $0 }.joined(
            separator: ":")
        return Dictionary(ToolProgram.find(in: path).map { ($0.tool, $0) }) { first, _ in first }
    }()

}

extension WireValue {
    fileprivate static func of(_ text: String) -> WireValue {
        var value = WireValue()
        value.text = text
        return value
    }
}

extension LintRun {
    static func values(
        _ language: String, _ cells: [[WireValue]], with program: ToolProgram, targets: [String] = ["code"],
        timeout: Duration = .seconds(60)
    ) async throws -> Result<[JSONValue], CallFailure>? {
        var spec = WireLintSpec()
        spec.codeLanguage = language
        let column = try LintColumn(spec, targets: targets)
        let result = await withCheckedContinuation { continuation in
            _ = start(column, with: program, cells: cells, timeout: timeout) { continuation.resume(returning: $0) }
        }
        return result?.map { values in values.map { (try? JSONValue(parsing: $0.json, options: .python)) ?? .null } }
    }
}

extension JSONValue {
    /// Python has 0 for a score of nothing, and 10.0 for ten.
    fileprivate var withFloatingScore: JSONValue {
        guard var object = objectValue, let score = object["python_linter_score"]?.doubleValue else { return self }
        object["python_linter_score"] = .number(score)
        return .object(object)
    }
}

struct LintRunTests {
    private struct Case {
        let code: String
        let verdict: JSONValue
    }

    private static func cases() throws -> [String: [Case]] {
        let url = try #require(
            Bundle.module.url(forResource: "verdicts", withExtension: "json", subdirectory: "Corpus"))
        let corpus = try JSONValue(parsing: Array(try Data(contentsOf: url)), options: .python).arrayValue ?? []
        var cases: [String: [Case]] = [:]
        for entry in corpus {
            cases[entry["language"]?.stringValue ?? "", default: []].append(
                Case(code: entry["code"]?.stringValue ?? "", verdict: entry["verdict"] ?? .null))
        }
        return cases
    }

    @Test(.enabled(if: TestTools.programs[.ruff] != nil, "ruff is not here: scripts/install-tools installs it"))
    func `verdicts on Python are those of Data Designer, all of them by one run`() async throws {
        let ruff = try #require(TestTools.programs[.ruff])
        let cases = try #require(try Self.cases()["python"])
        let result = try await LintRun.values("python", cases.map { [WireValue.of($0.code)] }, with: ruff)
        let values = try #require(try result?.get())
        #expect(values.count == cases.count && cases.count >= 50)
        for (value, expected) in zip(values, cases) {
            #expect(value == expected.verdict.withFloatingScore, "\(expected.code)")
        }
    }

    @Test(.enabled(if: TestTools.programs[.sqlfluff] != nil, "sqlfluff is not here: scripts/install-tools installs it"))
    func `verdicts on SQL are those of Data Designer, one run for each dialect`() async throws {
        let sqlfluff = try #require(TestTools.programs[.sqlfluff])
        let cases = try Self.cases().filter { $0.key != "python" }
        #expect(cases.count >= 6)
        for (language, cases) in cases {
            let result = try await LintRun.values(language, cases.map { [WireValue.of($0.code)] }, with: sqlfluff)
            let values = try #require(try result?.get())
            for (value, expected) in zip(values, cases) {
                #expect(value["is_valid"] == expected.verdict["is_valid"], "\(language) \(expected.code)")
                var messages = value["error_messages"]?.stringValue?.split(separator: "\n").map(String.init) ?? []
                let flagsDecimal = messages.last?.hasPrefix("a DECIMAL") == true
                if flagsDecimal { messages.removeLast() }
                #expect(flagsDecimal == (expected.verdict["flags_decimal"] == true), "\(expected.code)")
                #expect(messages.map { .string($0) } == expected.verdict["error_messages"]?.arrayValue)
            }
        }
    }

    /// A program in place of ruff: a shell script.
    private static func fake(_ script: String) throws -> ToolProgram {
        let path = NSTemporaryDirectory() + "tessera-fake-\(UInt64.random(in: 0 ... .max))"
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return ToolProgram(tool: .ruff, path: path, version: "0")
    }

    private static func failure(
        _ script: String, timeout: Duration = .seconds(60)
    ) async throws -> CallFailure? {
        let program = try fake(script)
        defer { try? FileManager.default.removeItem(atPath: program.path) }
        switch try await LintRun.values("python", [[WireValue.of("x")]], with: program, timeout: timeout) {
        case .failure(let failure): return failure
        default: return nil
        }
    }

    @Test func `a tool that hangs is killed, with what it started, and that is a timeout`() async throws {
        let file = NSTemporaryDirectory() + "tessera-child-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: file) }
        let failure = try await Self.failure("sleep 1000 & echo $! > \(file); wait", timeout: .milliseconds(300))
        #expect(failure?.kind == .timeout && failure?.kind.family == .call)
        let child = try #require(
            Int32(try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .newlines)))
        // Killed; whoever reaps it may take a moment, until which it is a zombie.
        let state = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8).split(separator: " ")[2]
        #expect(state == nil || state == "Z" || state == "X")
    }

    @Test func `a tool that dies has its own words in the failure`() async throws {
        let killed = try await Self.failure("kill -9 $$")
        #expect(killed?.kind == .closedEarly && killed?.message == "ruff 0 ended by signal 9")
        let failed = try await Self.failure("echo 'first line' >&2; echo 'no such rule' >&2; exit 2")
        #expect(failed?.kind == .closedEarly && failed?.message == "ruff 0 ended with code 2: no such rule")
    }

    @Test func `output that is no report is a reply that cannot be read`() async throws {
        #expect(try await Self.failure("echo hello")?.kind == .malformedReply)
        #expect(try await Self.failure("exit 0")?.kind == .malformedReply)
    }

    @Test func `a tool that is gone is this worker's fault`() async throws {
        let program = ToolProgram(tool: .ruff, path: "/nonexistent/ruff")
        let result = try await LintRun.values("python", [[WireValue.of("x")]], with: program)
        guard case .failure(let failure) = result else {
            Issue.record("it ran")
            return
        }
        #expect(failure.kind == .connection && failure.kind.family == .endpoint)
    }

    @Test func `a run that is cancelled ends without a word`() async throws {
        var spec = WireLintSpec()
        spec.codeLanguage = "python"
        let column = try LintColumn(spec, targets: ["code"])
        let program = try Self.fake("sleep 1000")
        defer { try? FileManager.default.removeItem(atPath: program.path) }
        let result = await withCheckedContinuation { continuation in
            LintRun.start(column, with: program, cells: [[WireValue.of("x")]], timeout: .seconds(900)) {
                continuation.resume(returning: $0)
            }.cancel()
        }
        #expect(result == nil)
    }

    @Test func `a tool sees no variable of the worker's`() async throws {
        setenv("TESSERA_TEST_SECRET", "hidden", 1)
        let program = try Self.fake("env >&2; env | grep -q TESSERA_TEST_SECRET && exit 3; echo '[]'")
        defer { try? FileManager.default.removeItem(atPath: program.path) }
        let result = try await LintRun.values("python", [[WireValue.of("x")]], with: program)
        #expect(try result?.get().count == 1)
    }

    @Test func `with several targets each text has its own verdict, and one that is not there has none`() async throws {
        // Says of each file what its first line is.
        let script = """
            echo '['
            for file in *.py; do
                [ "$file" = 0.py ] || echo ','
                printf '{"filename":"/x/%s","code":"F1","message":"%s","location":{"row":1,"column":1}}' "$file" "$(cat "$file")"
            done
            echo ']'
            """
        let program = try Self.fake(script)
        defer { try? FileManager.default.removeItem(atPath: program.path) }
        var null = WireValue()
        null.json = "null"
        var number = WireValue()
        number.json = "7"
        let cells = [
            [WireValue.of("a"), WireValue.of("b")], [null, WireValue.of("c")],
            [WireValue.of("d"), number],
        ]
        let result = try await LintRun.values("python", cells, with: program, targets: ["one", "two"])
        let values = try #require(try result?.get())
        func message(_ cell: Int, _ target: String) -> String? {
            values[cell][target]?["python_linter_messages"]?[0]?["message"]?.stringValue
        }
        #expect([message(0, "one"), message(0, "two")] == ["a", "b"])
        #expect([message(1, "one"), message(1, "two")] == [nil, "c"])
        #expect([message(2, "one"), message(2, "two")] == ["d", "7"])
        #expect(values[1]["one"] == ["is_valid": .null])
        let alone = try await LintRun.values("python", [[null]], with: program)
        #expect(try alone?.get() == [["is_valid": .null]])
    }
}
