import Foundation
import Testing

@testable import Workflow

struct CompatibilityTests {
    /// Nothing is run but what these files cannot do without.
    private static let nothing = Capabilities(
        columnTypes: [.sampler, .expression, .text, .validation], samplers: [.uuid, .personFromFaker],
        personLocales: [], validators: [], processors: [], seedTypes: [], mediaModalities: [], allowsConditions: false,
        allowsConstraints: false, allowsSkip: false, allowsSideEffects: false, allowsTools: false,
        allowsParquetSeeds: false, allowsSampledInference: false)

    private func found(_ columns: String, _ more: String = "", _ capabilities: Capabilities = nothing) -> [String] {
        let text = """
            model_configs: [{alias: m, model: m, provider: p}]
            tool_configs: [{tool_alias: t, providers: [x]}]
            columns:
              - {name: u, column_type: sampler, sampler_type: uuid, params: {}}
            \(columns)
            \(more)
            """
        return problems(text, capabilities: capabilities).map {
            $0.split(separator: "  ", maxSplits: 1).last.map(String.init) ?? ""
        }
    }

    @Test(arguments: [
        (
            "  - {name: a, column_type: sampler, sampler_type: person, params: {}}",
            "columns[1].sampler_type of a is the sampler person: ",
            "Use person_from_faker"
        ),
        (
            "  - {name: a, column_type: sampler, sampler_type: person_from_faker, params: {locale: ja_JP}}",
            "columns[1].params of a is a person of locale ja_JP: ", "It has names for"
        ),
        (
            "  - {name: a, column_type: custom, generator_function: f}", "columns[1].column_type of a is custom: ",
            "A Python function is not in the file"
        ),
        (
            "  - {name: a, column_type: validation, target_columns: [u], validator_type: local_callable, validator_params: {validation_function: f}}",
            "columns[1].validator_type of a is the validator local_callable: ", "A Python function is not in the file"
        ),
        (
            "  - {name: a, column_type: llm-text, model_alias: m, prompt: '{{ u }}', tool_alias: t}",
            "columns[1].tool_alias of a is the use of MCP tools: ", "Put what the tools would find"
        ),
        (
            "  - {name: a, column_type: llm-text, model_alias: m, prompt: '{{ u }}', multi_modal_context: [{modality: audio, column_name: u}]}",
            "columns[1].multi_modal_context[0] of a is audio beside the prompt: ", "Transcribe the audio"
        ),
        (
            "  - {name: a, column_type: llm-text, model_alias: m, prompt: '{{ u }}', with_trace: all_messages}",
            "columns[1].with_trace of a is a column beside the answer: ", "Leave it out"
        ),
        (
            "  - {name: a, column_type: expression, expr: '{{ u }}', skip: {when: '{{ u }}'}}",
            "columns[1].skip of a is a skip rule: ", "Use an expression column"
        ),
        (
            "  - {name: a, column_type: sampler, sampler_type: uuid, params: {}, conditional_params: {u == 1: {}}}",
            "columns[1].conditional_params of a is conditional: ", "Use a column for each case"
        ),
    ])
    func `what is not run is refused with its column and what to use instead`(
        column: String, what: String, instead: String
    ) {
        let found = found(column)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix(what + "Tessera does not run that. " + instead) == true, "\(found)")
    }

    @Test(arguments: [
        (
            "seed_config: {source: {seed_type: hf, path: a/b.csv}}",
            "seed_config.source.seed_type is a seed of type hf: "
        ),
        (
            "seed_config: {source: {seed_type: agent_rollout, format: atif}}",
            "seed_config.source.seed_type is a seed of type agent_rollout: "
        ),
        (
            "processors: [{name: d, processor_type: drop_columns, column_names: [u]}]",
            "processors[0].processor_type is a drop_columns processor: "
        ),
    ])
    func `parts that are of no column are refused with their path`(more: String, what: String) {
        #expect(found("", more).contains { $0.hasPrefix(what) })
    }

    @Test func `a Parquet seed is refused with the line that converts it`() {
        var capabilities = Self.nothing
        capabilities.seedTypes = ["local"]
        let found = found("", "seed_config: {source: {seed_type: local, path: data/rows.parquet}}", capabilities)
        #expect(
            found == [
                "seed_config.source.path is a Parquet file: Tessera does not run that. Convert it once: python3 -c \"import pandas; "
                    + "pandas.read_parquet('data/rows.parquet')"
                    + ".to_json('data/rows.jsonl', orient='records', lines=True, date_format='iso')\""
            ])
        capabilities.allowsParquetSeeds = true
        #expect(self.found("", "seed_config: {source: {seed_type: local, path: a.parquet}}", capabilities) == [])
    }

    @Test func `the document says what the code runs`() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/compatibility.md")
        let text = try String(contentsOf: path, encoding: .utf8)
        let parts = text.components(separatedBy: "<!-- tables -->\n")
        #expect(parts.count == 3, "two lines <!-- tables --> enclose the tables")
        #expect(
            parts.dropFirst().first == CompatibilityTables.markdown(.current),
            "docs/compatibility.md is not what the code runs: type `make docs`")
    }

    @Test func `every feature is in the tables and has a replacement`() {
        let tables = CompatibilityTables.markdown(Self.nothing)
        for feature in Feature.all where !feature.isRun(by: Self.nothing) {
            #expect(tables.contains("| `\(feature.text)` | \(feature.replacement(in: Self.nothing)) |"))
        }
        for type in ColumnType.allCases { #expect(tables.contains("`\(type.rawValue)`")) }
    }
}
