import Foundation
import JSON
import TestSupport
import Testing

/// What the commands that need no database print against docs/json: every field is there, and no other.
struct OfflineSchemaTests {
    private func outputs(_ arguments: [String], exit: Int32 = 0) throws -> [JSONValue] {
        let run = try CommandRun(arguments + ["-o", "json"])
        #expect(run.exit == exit, "\(run.talk)")
        return try run.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    private func check(_ value: JSONValue, _ name: String) throws {
        let violation = try OutputSchema.violation(of: value, name)
        #expect(violation == nil, "\(name): \(violation ?? "") in \(value.serialized())")
    }

    @Test func `a plan is as its schema says, with models, with tools, and with nobody to call`() throws {
        let modelled = try TemporaryFile(TestWorkflow.yaml, "w.yaml")
        let checked = try TemporaryFile(
            """
            columns:
              - {name: code, column_type: sampler, sampler_type: category, params: {values: ["x = 1"]}}
              - name: verdict
                column_type: validation
                target_columns: [code]
                validator_type: code
                validator_params: {code_lang: python}
                batch_size: 10
            """, "w.yaml")
        let alone = try TemporaryFile(
            "columns: [{name: a, column_type: sampler, sampler_type: uuid, params: {}}]", "w.yaml")
        for arguments in [[], ["--rate", "5"]] {
            let plans = try [modelled, checked, alone].flatMap {
                try outputs(["plan", $0.path, "-n", "1000"] + arguments)
            }
            for plan in plans { try check(plan, "plan.v1") }
            #expect(plans.map { $0["routes"]?.arrayValue?.count } == [2, 0, 0])
            #expect(plans[1]["columns"]?[1]?["calls"] == 100)
            #expect(plans[0]["assumed"]?["calls_per_second"]?.doubleValue == (arguments.isEmpty ? nil : 5))
        }
    }

    @Test func `what is said of a workflow is as its schema says, be it valid or not`() throws {
        let good = try TemporaryFile(TestWorkflow.yaml, "good.yaml")
        let doubtful = try TemporaryFile(
            """
            columns: [{name: a, column_type: llm-text, model_alias: w, prompt: "{b}"}]
            model_configs: [{alias: w, model: m, provider: p}]
            """, "doubtful.yaml")
        let bad = try TemporaryFile("columns: [{name: a, column_type: expression, expr: '{{ b }}'}]", "bad.yaml")
        let files = [good.path, doubtful.path, bad.path, "nowhere.yaml"]
        let said = try outputs(["validate"] + files, exit: 65)
        #expect(said.map { $0["file"]?.stringValue } == files)
        #expect(said.map { $0["valid"]?.boolValue } == [true, true, false, false])
        #expect(said[1]["warnings"]?.arrayValue?.isEmpty == false)
        for one in said { try check(one, "validation.v1") }
    }
}
