import Foundation
import JSON
import TestSupport
import Testing

/// `validate`, `schema` and `template` as the built program does them.
struct LanguageCommandTests {
    private static let broken = """
        columns:
          - name: product_category
            column_type: sampler
            sampler_type: category
            params: {values: [a, b]}
          - name: review
            column_type: expression
            expr: "{{ product_categry }}"
            promt: x
        """

    @Test func `a valid workflow is said to be valid`() throws {
        let file = try TemporaryFile(
            "columns: [{name: a, column_type: sampler, sampler_type: uuid, params: {}}]", "w.yaml")
        let run = try CommandRun(["validate", file.path])
        #expect(run.exit == 0)
        #expect(run.output.hasPrefix("\(file.path) is valid: 1 column, 0 models, workflow "))
        #expect(run.talk.isEmpty)
    }

    @Test func `every problem is told at once with file, line, path and suggestion`() throws {
        let file = try TemporaryFile(Self.broken, "bad.yaml")
        let run = try CommandRun(["validate", file.path])
        #expect(run.exit == 65)
        #expect(run.output.isEmpty)
        #expect(
            run.talk == """
                error: the workflow is not valid (2 problems)
                  \(file.path):8:15  columns[1].expr uses {{ product_categry }}; no such column. Did you mean product_category?
                  \(file.path):9:5  columns[1].promt is not a key of an expression column

                """)
    }

    @Test func `problems are objects too`() throws {
        let file = try TemporaryFile(Self.broken, "bad.yaml")
        let run = try CommandRun(["validate", "-o", "json", file.path])
        #expect(run.exit == 65)
        #expect(run.talk.isEmpty)
        let value = try JSONValue(parsing: Array(run.output.utf8))
        #expect(value["schema"] == "validation/v1")
        #expect(value["valid"] == false)
        #expect(value["problems"]?.arrayValue?.count == 2)
        #expect(
            value["problems"]?[0] == [
                "file": .string(file.path), "line": 8, "column": 15, "path": "columns[1].expr",
                "message": "uses {{ product_categry }}; no such column",
                "suggestion": "Did you mean product_category?",
            ])
    }

    @Test func `a valid workflow's columns are shown in the order in which they are made`() throws {
        let file = try TemporaryFile(
            """
            columns:
              - {name: late, column_type: expression, expr: '{{ early }}'}
              - {name: early, column_type: sampler, sampler_type: uuid, params: {}}
            """, "w.yaml")
        let run = try CommandRun(["validate", file.path, "-o", "json"])
        #expect(run.exit == 0)
        let value = try JSONValue(parsing: Array(run.output.utf8))
        #expect(value["valid"] == true)
        #expect(value["fingerprint"]?.stringValue?.hasPrefix("sha256:") == true)
        #expect(
            value["columns"]?.arrayValue?.compactMap { $0["name"]?.stringValue } == ["early", "late"])
        #expect(value["columns"]?[1]?["needs"] == ["early"])
    }

    @Test func `a file that is not there is a problem of its own`() throws {
        let run = try CommandRun(["validate", "nowhere.yaml"])
        #expect(run.exit == 65)
        #expect(run.talk == "error: no such file: nowhere.yaml\n")
    }

    @Test func `a workflow comes from stdin or a pipe, and is read once though its seed is looked into`() throws {
        let seed = try TemporaryFile("city\nRome\n", "seed.csv")
        let text = """
            seed_config: {source: {seed_type: local, path: "\(seed.path)"}}
            columns: [{name: a, column_type: expression, expr: "{{ city }}"}]
            """
        let run = try CommandRun(["validate", "-"], input: text)
        #expect(run.exit == 0, "\(run.talk)")
        #expect(run.output.hasPrefix("- is valid: 2 columns"))
        let wrong = try CommandRun(
            ["validate", "-"], input: text.replacingOccurrences(of: "{{ city }}", with: "{{ citi }}"))
        #expect(wrong.talk.contains("stdin:2:56  columns[0].expr uses {{ citi }}"), "\(wrong.talk)")
        let preview = try CommandRun(["preview", "/dev/stdin", "-n", "1", "-o", "jsonl"], input: text)
        #expect(preview.output == "{\"city\":\"Rome\",\"a\":\"Rome\"}\n", "\(preview.talk)")
        let json = try CommandRun(["validate", "-"], input: "{\"columns\": [1e22]}")
        #expect(json.talk.contains("stdin:1:14  columns[0] must be"), "\(json.talk)")
    }

    @Test func `a timeout beyond what workers hold is a problem, with what to type`() throws {
        let file = try TemporaryFile(
            """
            columns:
              - {name: id, column_type: sampler, sampler_type: uuid, params: {}}
              - {name: a, column_type: llm-text, model_alias: w, prompt: "{{ id }}"}
            model_configs:
              - {alias: w, model: m, provider: p, inference_parameters: {timeout: 300}}
            """, "w.yaml")
        #expect(try CommandRun(["validate", file.path]).exit == 0)
        let run = try CommandRun(["validate", file.path], environment: ["TESSERA_HOLD_SECONDS": "299"])
        #expect(run.exit == 65)
        #expect(
            run.talk.contains(
                ":5:71  model_configs[0].inference_parameters.timeout is 300 s, but workers hold a task for 299 s at most. "
                    + "Make it 299 or less, or set hold_seconds (TESSERA_HOLD_SECONDS) to 300 for every"), "\(run.talk)"
        )
        // Where nobody holds a task there is no such bound.
        #expect(
            try CommandRun(
                ["preview", file.path, "-n", "1", "--simulate", "--simulated-latency", "0"],
                environment: ["TESSERA_HOLD_SECONDS": "299"]
            ).exit == 0)
        let submit = try CommandRun(
            ["submit", file.path, "-n", "1"],
            environment: ["TESSERA_HOLD_SECONDS": "299", "TESSERA_DATABASE_URL": "postgresql://127.0.0.1:9/none"])
        #expect(submit.exit == 65 && submit.talk.contains("is 300 s"), "\(submit.talk)")
    }

    @Test func `several files are checked at once`() throws {
        let good = try TemporaryFile(
            "columns: [{name: a, column_type: sampler, sampler_type: uuid, params: {}}]", "w.yaml")
        let bad = try TemporaryFile(Self.broken, "bad.yaml")
        let run = try CommandRun(["validate", good.path, bad.path])
        #expect(run.exit == 65)
        #expect(run.output.hasPrefix("\(good.path) is valid"))
        #expect(run.talk.contains("(2 problems)"))
    }

    @Test func `the schema is a JSON Schema`() throws {
        let run = try CommandRun(["schema", "workflow"])
        #expect(run.exit == 0)
        let value = try JSONValue(parsing: Array(run.output.utf8))
        #expect(value["$schema"] == "https://json-schema.org/draft/2020-12/schema")
        #expect(value["$defs"]?["llm_judge_column"]?["properties"]?["scores"] != nil)
    }

    @Test(arguments: [
        (["{{ name | title }} {{ nobody }}|{{ person.age + 1 }}"], "Ada L |37\n"),
        (["{{ text }}"], "{\"a\": 1}\n"), (["--cells", "{{ text }}"], "{'a': 1}\n"),
        (["-o", "json", "{{ name }}\n"], "{\"text\":\"ada l\"}\n"),
    ])
    func `a template is rendered as stock Jinja would`(arguments: [String], output: String) throws {
        let record = try TemporaryFile(
            #"{"name": "ada l", "person": {"age": 36}, "text": "{\"a\": 1}"}"#, "r.json")
        let run = try CommandRun(["template", "--data", record.path] + arguments)
        #expect(run.output == output)
        #expect(run.exit == 0)
    }

    @Test func `a template's fault is told with line and column`() throws {
        let record = try TemporaryFile("{}", "r.json")
        let run = try CommandRun(["template", "--data", record.path, "one\n{{ x | nope }}"])
        #expect(run.exit == 65)
        #expect(run.talk == "error: template, line 2, column 8: No filter named 'nope'.\n")
        let runtime = try CommandRun(["template", "--data", record.path, "{{ 1 / 0 }}"])
        #expect(runtime.exit == 65)
        #expect(runtime.talk.hasPrefix("error: template, line 1, column "))
    }

    @Test func `a template comes from stdin and a seed fixes what is drawn`() throws {
        let record = try TemporaryFile("{}", "r.json")
        let arguments = ["template", "-", "--data", record.path, "--seed", "4"]
        let template = "{{ range(90000) | random }}"
        let first = try CommandRun(arguments, input: template)
        #expect(first.exit == 0)
        #expect(try CommandRun(arguments, input: template).output == first.output)
    }

    @Test func `a record comes from stdin or a pipe`() throws {
        for path in ["-", "/dev/stdin"] {
            let run = try CommandRun(["template", "{{ name }}", "--data", path], input: #"{"name": "ada"}"#)
            #expect(run.output == "ada\n", "\(run.talk)")
        }
        #expect(try CommandRun(["template", "-", "--data", "-"]).exit == 64)
    }

    @Test(arguments: ["[1]", "{", ""])
    func `a record that is no object is refused`(text: String) throws {
        let record = try TemporaryFile(text, "r.json")
        let run = try CommandRun(["template", "x", "--data", record.path])
        #expect(run.exit == 65)
        #expect(run.talk.contains(record.path))
    }
}
