import CellValues
import Collecting
import Generation
import Inference
import JSON
import Messages
import Previewing
import Store
import Testing
import Workflow

struct PreviewStateMachineTests {
    private static let workflow = """
        columns:
          - {name: n, column_type: sampler, sampler_type: category, params: {values: [only]}}
          - {name: draft, column_type: llm-text, model_alias: writer, prompt: "Draft {{ n }}"}
          - name: graded
            column_type: llm-structured
            model_alias: writer
            prompt: "Grade {{ draft }}"
            output_format: {type: object, properties: {grade: {type: integer}}, required: [grade]}
          - {name: doubled, column_type: expression, expr: "{{ graded.grade * 2 }}", dtype: int}
        model_configs:
          - {alias: writer, model: m, provider: p, inference_parameters: {max_parallel_requests: 2}}
        """

    private func machine(records: Int64, settings: RunSettings = RunSettings()) throws -> PreviewStateMachine {
        let loaded = Workflow.load(text: Self.workflow, name: "w.yaml", format: .yaml)
        let workflow = try #require(loaded.workflow, "\(loaded.problems)")
        let job = Job.unstored(
            workflow: "{}", fingerprint: "", seed: 1, generatorVersion: 1, records: records, runConfig: settings.stored)
        return try PreviewStateMachine(JobBlueprint(unstored: job, workflow: workflow), chance: 1)
    }

    private func reply(_ text: String) throws -> CallOutcome {
        let body: JSONValue = [
            "choices": [["message": ["role": "assistant", "content": .string(text)]]],
            "usage": ["prompt_tokens": 5, "completion_tokens": 2],
        ]
        return .reply(try ModelReply(parsing: body.serializedBytes()))
    }

    private let now = ContinuousClock.now
    private let good = "```json\n{\"grade\": 4}\n```"

    @Test func `cells follow their inputs, within the model's cap`() throws {
        var machine = try machine(records: 3)
        var calls = machine.round(now)
        #expect(calls.map(\.column.name) == ["draft", "draft"])
        machine.ended(calls[0].id, try reply("fine"), at: now)
        machine.ended(calls[1].id, try reply("fine"), at: now)
        var names: [String] = []
        while true {
            calls = machine.round(now)
            if calls.isEmpty { break }
            #expect(calls.count <= 2)
            names += calls.map(\.column.name)
            for call in calls {
                machine.ended(call.id, try reply(call.column.name == "draft" ? "fine" : good), at: now)
            }
        }
        #expect(machine.isFinished)
        #expect(names.sorted() == ["draft", "graded", "graded", "graded"])
        #expect(machine.results.allSatisfy { $0.values.last == 8 && $0.drop == nil })
        let usage = try #require(machine.usage[Route(provider: "p", model: "m")])
        #expect(usage.calls == 6 && usage.inputTokens == 30 && usage.outputTokens == 12)
    }

    @Test func `an answer that never fits costs its record, with the reason`() throws {
        var settings = RunSettings()
        settings.maximumRestarts = 1
        var machine = try machine(records: 1, settings: settings)
        machine.ended(try #require(machine.round(now).first).id, try reply("fine"), at: now)
        for _ in 0..<2 { machine.ended(try #require(machine.round(now).first).id, try reply("no"), at: now) }
        _ = machine.round(now)
        #expect(machine.isFinished && machine.dropped == 1)
        #expect(machine.results[0].drop?.column == 2)
    }

    @Test func `a refused call waits for its pause and is made again`() throws {
        var machine = try machine(records: 1)
        let first = try #require(machine.round(now).first)
        let refusal = CallFailure(kind: .rateLimited, message: "slow down", retryAfter: .seconds(5))
        machine.ended(first.id, .failed(refusal), at: now)
        #expect(machine.round(now).isEmpty && !machine.isFinished)
        #expect(machine.nextDue(now) == now + .seconds(5))
        let second = machine.round(now + .seconds(5))
        #expect(second.map(\.id) == [first.id])
    }

    @Test func `an endpoint that cannot be used ends it after the quick tries`() throws {
        var machine = try machine(records: 1)
        var now = now
        let down = CallFailure(kind: .connection, message: "refused")
        for _ in 0..<4 {
            let call = try #require(machine.round(now).first)
            machine.ended(call.id, .failed(down), at: now)
            now += .seconds(2)
        }
        #expect(machine.stop == PreviewStop(provider: "p", failure: down))
        #expect(machine.round(now).isEmpty && machine.isFinished)
    }

    @Test func `a call's own fault is tried again after a backoff`() throws {
        var machine = try machine(records: 1)
        let first = try #require(machine.round(now).first)
        machine.ended(first.id, .failed(CallFailure(kind: .serverError, message: "500")), at: now)
        #expect(machine.round(now).isEmpty)
        let due = try #require(machine.nextDue(now))
        #expect(due > now && due <= now + .seconds(2))
        #expect(machine.round(due).count == 1)
    }

    // MARK: Columns that are made in batches

    private func batched(records: Int64) throws -> PreviewStateMachine {
        let text = """
            columns:
              - {name: n, column_type: sampler, sampler_type: category, params: {values: [x = 1]}}
              - {name: l, column_type: validation, target_columns: [n], validator_type: code, validator_params: {code_lang: python}, batch_size: 4}
              - {name: h, column_type: http, provider: p, required_columns: [n], side_effect_columns: [s], batch_size: 3}
              - {name: e, column_type: expression, expr: "{{ s }}"}
            """
        let loaded = Workflow.load(text: text, name: "w.yaml", format: .yaml)
        let workflow = try #require(loaded.workflow, "\(loaded.problems)")
        let job = Job.unstored(
            workflow: "{}", fingerprint: "", seed: 1, generatorVersion: 1, records: records, runConfig: "{}")
        return try PreviewStateMachine(
            JobBlueprint(unstored: job, workflow: workflow), caps: [Route(provider: "tools", model: "ruff"): 1],
            chance: 1)
    }

    private func cells(_ call: PreviewCall) -> Int { if case .rows(let cells) = call.work { cells.count } else { 0 } }

    private func value(_ text: String, side: [String] = []) -> CellValue {
        CellValue(WireValue(cellText: text), sideValues: side.map { WireValue(cellText: $0) })
    }

    @Test func `cells of a tool or an endpoint are made together, up to their batch and cap`() throws {
        var machine = try batched(records: 6)
        let calls = machine.round(now)
        let lint = calls.filter { $0.column.name == "l" }
        let rows = calls.filter { $0.column.name == "h" }
        #expect(lint.map(cells) == [4], "one run at a time")
        #expect(rows.map(cells) == [3, 3])
        machine.rowsEnded(lint[0].id, .rows((0..<4).map { _ in .success(value("ok")) }), at: now)
        let next = machine.round(now)
        #expect(next.map(cells) == [2])
        machine.rowsEnded(next[0].id, .rows((0..<2).map { _ in .success(value("ok")) }), at: now)
        // One row of a reply gives its record up.
        let failure = CallFailure(kind: .unprocessable, message: "no such place")
        for (place, call) in rows.enumerated() {
            machine.rowsEnded(
                call.id,
                .rows((0..<3).map { $0 + 3 * place == 4 ? .failure(failure) : .success(value("h", side: ["s\($0)"])) }),
                at: now)
        }
        _ = machine.round(now)
        #expect(machine.isFinished && machine.dropped == 1)
        #expect(machine.results[4].drop?.message.contains("no such place") == true)
        #expect(machine.results[0].values.map { $0?.stringValue } == ["x = 1", "ok", "h", "s0", "s0"])
        #expect(machine.results[5].values.last == "s2")
    }

    @Test func `a batch that failed comes back one by one`() throws {
        var machine = try batched(records: 3)
        let calls = machine.round(now)
        let failure = CallFailure(kind: .closedEarly, message: "m")
        for call in calls where call.column.name == "h" {
            machine.rowsEnded(call.id, .rows((0..<3).map { _ in .success(value("h", side: ["s"])) }), at: now)
        }
        let lint = try #require(calls.first { $0.column.name == "l" })
        #expect(cells(lint) == 3)
        machine.rowsEnded(lint.id, .failed(failure), at: now)
        #expect(machine.round(now).isEmpty, "they wait for their backoff")
        #expect(machine.round(now + .seconds(10)).map(cells) == [1, 1, 1])
    }
}
