import Testing
import Workflow

/// How long a call may take where workers hold a task for so long and no longer.
struct CallBoundTests {
    private static let text = """
        columns:
          - {name: id, column_type: sampler, sampler_type: uuid, params: {}}
          - {name: a, column_type: llm-text, model_alias: long, prompt: "{{ id }}"}
          - {name: b, column_type: embedding, model_alias: silent, target_column: a}
          - {name: c, column_type: http, provider: rows, required_columns: [id], timeout: 45.5}
          - name: d
            column_type: validation
            target_columns: [id]
            validator_type: remote
            validator_params: {endpoint_url: "http://v/check"}
        model_configs:
          - {alias: long, model: m, provider: p, inference_parameters: {timeout: 100000}}
          - alias: silent
            model: e
            provider: p
            inference_parameters: {generation_type: embedding}
          - {alias: unused, model: m, provider: p, inference_parameters: {timeout: 5000}}
        """

    private func found(holding seconds: Int) -> [String] {
        let capabilities = Capabilities.current(holding: .seconds(seconds))
        return problems(Self.text, capabilities: capabilities).map { String($0.dropFirst("f.yaml:".count)) }
    }

    @Test func `what is longer is a problem with its place, in every kind of column, and only where it is used`() {
        let advice = "for every coordinator and worker"
        #expect(
            found(holding: 20) == [
                "5:83  columns[3].timeout is 45.5 s, but workers hold a task for 20 s at most. "
                    + "Make it 20 or less, or set hold_seconds (TESSERA_HOLD_SECONDS) to 46 \(advice)",
                "10:23  columns[4].validator_params.timeout is 30 s, but workers hold a task for 20 s at most. "
                    + "Make it 20 or less, or set hold_seconds (TESSERA_HOLD_SECONDS) to 30 \(advice)",
                // More than the setting may be.
                "12:74  model_configs[0].inference_parameters.timeout is 100000 s, but workers hold a task for 20 s at "
                    + "most. Make it 20 or less",
                "16:27  model_configs[1].inference_parameters.timeout is 60 s where it is not set, but workers hold a "
                    + "task for 20 s at most. Make it 20 or less, or set hold_seconds (TESSERA_HOLD_SECONDS) to 60 "
                    + advice,
            ])
        #expect(found(holding: 600).count == 1)
    }

    @Test func `what is as long is none, and nothing is where the time is not known`() {
        #expect(found(holding: 60).count == 1)
        #expect(found(holding: 59).count == 2)
        #expect(problems(Self.text, capabilities: .current) == [])
    }
}
