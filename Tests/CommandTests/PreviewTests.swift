import Foundation
import JSON
import TestSupport
import Testing

struct PreviewTests {
    private static let workflow = """
        columns:
          - {name: id, column_type: sampler, sampler_type: uuid, params: {}}
          - name: invoice
            column_type: llm-structured
            model_alias: writer
            prompt: "Invoice {{ id }}"
            output_format: {type: object, properties: {supplier: {type: string}, total: {type: integer}}, required: [supplier, total]}
          - {name: query, column_type: llm-code, code_lang: "sql:postgres", model_alias: writer, prompt: "Query {{ invoice.supplier }}", with_trace: last_message}
          - name: quality
            column_type: llm-judge
            model_alias: writer
            prompt: "Judge {{ query }}"
            scores: [{name: Tone, description: How it sounds., options: {1: cold, 2: warm}}]
          - {name: vector, column_type: embedding, target_column: query, model_alias: embedder}
          - {name: score, column_type: expression, expr: "{{ quality.Tone.score + 1 }}", dtype: int}
        model_configs:
          - {alias: writer, model: sim/writer, provider: nim-a}
          - {alias: embedder, model: sim/embedder, provider: nim-b, inference_parameters: {generation_type: embedding}}
        """

    @Test func `preview makes every kind of column in this process`() throws {
        let file = try TemporaryFile(Self.workflow, "w.yaml")
        let run = try CommandRun(
            ["preview", file.path, "-n", "4", "--seed", "7", "--simulate", "--simulated-latency", "1", "-o", "json"])
        #expect(run.exit == 0, "\(run.talk)")
        let records = try #require(try JSONValue(parsing: run.output).arrayValue)
        #expect(records.count == 4)
        for record in records {
            #expect(
                record.objectValue?.keys == [
                    "id", "invoice", "query", "query__trace", "quality", "vector", "score",
                ])
            let score = try #require(record["quality"]?["Tone"]?["score"]?.intValue)
            #expect(record["score"]?.intValue == score + 1)
            #expect(record["vector"]?["dimension"]?.intValue == 32)
        }
        #expect(run.talk.contains("nim-a/sim/writer: 12 calls, "))
        #expect(run.talk.contains("nim-b/sim/embedder: 4 calls, "))
    }

    @Test func `preview gives the records that a person can read, and the same for the same seed`() throws {
        let file = try TemporaryFile(Self.workflow, "w.yaml")
        let arguments = ["preview", file.path, "-n", "2", "--seed", "7", "--simulate", "--simulated-latency", "0"]
        let first = try CommandRun(arguments)
        let second = try CommandRun(arguments)
        #expect(first.exit == 0, "\(first.talk)")
        #expect(first.output == second.output)
        #expect(first.output.hasPrefix("── record 0 ─"))
        #expect(first.output.contains("\n    ```sql\n    SELECT 'echo="))
        #expect(first.output.contains("(warm)\n") || first.output.contains("(cold)\n"))
    }

    @Test func `without models what needs one is named`() throws {
        let file = try TemporaryFile(Self.workflow, "w.yaml")
        let run = try CommandRun(["preview", file.path, "-n", "1", "--no-models", "-o", "json"])
        #expect(run.exit == 0)
        #expect(try JSONValue(parsing: run.output)[0]?.objectValue?.keys == ["id"])
        #expect(run.talk.contains("invoice (llm-structured, by the model writer)"))
    }

    @Test func `an endpoint that nobody knows is a wrong configuration, with what to type`() throws {
        let file = try TemporaryFile(Self.workflow, "w.yaml")
        let run = try CommandRun(["preview", file.path])
        #expect(run.exit == 78)
        #expect(run.talk.contains("unknown provider \"nim-a\"") && run.talk.contains("--simulate"))
    }

    @Test func `an endpoint that is away ends the preview with its name`() throws {
        let file = try TemporaryFile(Self.workflow, "w.yaml")
        let providers = try TemporaryFile(
            """
            providers:
              - {name: nim-a, endpoint: "http://127.0.0.1:9/v1"}
              - {name: nim-b, endpoint: "http://127.0.0.1:9/v1"}
            """, "providers.yaml")
        let run = try CommandRun(["preview", file.path, "-n", "1", "--providers", providers.path])
        #expect(run.exit == 69)
        #expect(run.talk.contains("provider nim-a cannot be used: connection"))
    }

    @Test func `an endpoint that takes calls and answers nothing ends the preview, too`() throws {
        // The kernel accepts; nobody reads.
        let silent = try SilentServer()
        let file = try TemporaryFile(
            """
            columns:
              - {name: id, column_type: sampler, sampler_type: uuid, params: {}}
              - {name: place, column_type: http, provider: places, required_columns: [id], timeout: 0.2}
            """, "w.yaml")
        let providers = try TemporaryFile(
            "providers: [{name: places, endpoint: 'http://127.0.0.1:\(silent.port)/rows', provider_type: http}]",
            "providers.yaml")
        let run = try CommandRun(["preview", file.path, "-n", "1", "--providers", providers.path])
        #expect(run.exit == 69)
        #expect(run.talk.contains("provider places cannot be used: unresponsive"), "\(run.talk)")
        #expect(run.talk.contains("places: 1 call, 1 failed\n"), "\(run.talk)")
    }

    @Test func `a tool that is not on the PATH is asked for before anything is made`() throws {
        let text = """
            columns:
              - {name: q, column_type: sampler, sampler_type: category, params: {values: [SELECT 1]}}
              - {name: v, column_type: validation, target_columns: [q], validator_type: code, validator_params: {code_lang: "sql:ansi"}}
            """
        let file = try TemporaryFile(text, "w.yaml")
        for command in [["preview", file.path], ["run", file.path, "-n", "3"]] {
            let run = try CommandRun(command, environment: ["PATH": "/nonexistent"])
            #expect(run.exit == 78)
            #expect(run.talk.contains("sqlfluff is not on the PATH"), "\(run.talk)")
            #expect(run.talk.contains("pip install sqlfluff=="))
        }
        // Without the columns that workers make, none is needed.
        #expect(try CommandRun(["preview", file.path, "--no-models"], environment: ["PATH": "/nonexistent"]).exit == 0)
    }
}
