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
}
