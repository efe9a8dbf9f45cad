import JSON
import Testing

@testable import Workflow

struct SchemaTests {
    /// Parts of the language that no fixture has.
    private static let rest = """
        columns:
          - {name: u, column_type: sampler, sampler_type: uuid, params: {}}
          - {name: p, column_type: sampler, sampler_type: person, params: {select_field_values: {state: [TX]}}}
          - {name: f, column_type: sampler, sampler_type: person_from_faker, params: {}}
          - {name: d, column_type: sampler, sampler_type: datetime, params: {start: '2024', end: '2025'}}
          - {name: t, column_type: sampler, sampler_type: timedelta, params: {dt_min: 0, dt_max: 1, reference_column_name: d}}
          - {name: m, column_type: llm-text, prompt: x, model_alias: c, multi_modal_context: [{modality: video, column_name: u}, {modality: audio, column_name: u}, {column_name: u}]}
          - {name: v, column_type: validation, target_columns: [m], validator_type: remote, validator_params: {endpoint_url: http://x}}
          - {name: s, column_type: expression, expr: x, skip: {when: '{{ u }}'}}
          - {name: seeded, column_type: seed-dataset}
          - {name: i, column_type: image, prompt: x, model_alias: i}
          - {name: h, column_type: http, provider: p}
          - {name: call, column_type: custom, generator_function: f}
        model_configs:
          - {alias: c, model: m, provider: p, inference_parameters: {temperature: {params: {low: 0, high: 1}}, top_p: {distribution_type: manual, params: {values: [1]}}}}
          - {alias: i, model: m, provider: p, inference_parameters: {generation_type: image}}
        profilers: [{model_alias: c}]
        library_version: 0.9.6
        """
    private static let selections = ["{start: 0, end: 1}", "{index: 0}"].map {
        "columns: []\nseed_config: {source: {seed_type: local, path: a.csv}, selection_strategy: \($0)}"
    }

    private struct Keys {
        var known: Set<String> = []
        var required: Set<String>?
    }

    /// The keys that the loader asks for, by what it reads a mapping as, over files that have everything.
    private static func loaderKeys() throws -> [String: Keys] {
        var found: [String: Keys] = [:]
        let files = try Fixture.names.map { try Fixture.text("\($0).yaml") } + [rest] + selections
        for text in files {
            let root = try YAMLReader.read(text)
            let log = ProblemLog(file: "f", root: root)
            log.observer = { kind, known, required in
                var keys = found[kind] ?? Keys()
                keys.known.formUnion(known)
                keys.required = keys.required?.intersection(required) ?? Set(required)
                found[kind] = keys
            }
            _ = WorkflowReader(log: log).draft(of: root)
            #expect(log.problems.map(\.description) == [])
        }
        return found
    }

    @Test func `the loader and the schema know the same keys and need the same`() throws {
        let loader = try Self.loaderKeys()
        var titles: Set<String> = []
        for (name, definition) in WorkflowSchema.json["$defs"]?.objectValue ?? [:] {
            guard let title = definition["title"]?.stringValue else { continue }
            titles.insert(title)
            let keys = try #require(loader[title], "the loader has read nothing as \(title) (\(name))")
            #expect(Set(definition["properties"]?.objectValue?.keys ?? []) == keys.known, "\(title)")
            let required = Set(definition["required"]?.arrayValue?.compactMap(\.stringValue) ?? [])
            #expect(required == keys.required, "\(title)")
        }
        #expect(Set(loader.keys) == titles, "the schema has no definition of what the loader reads")
    }

    @Test(arguments: Fixture.names, ["yaml", "json"])
    func `what the library writes meets the schema`(name: String, format: String) throws {
        let text = try Fixture.text("\(name).\(format)")
        let root = format == "yaml" ? try YAMLReader.read(text) : try JSONReader.read(text)
        #expect(SchemaValidator(root: .object(WorkflowSchema.json)).faults(in: JSONValue(root)) == [])
    }

    @Test func `the other parts of the language meet the schema too`() throws {
        for text in [Self.rest] + Self.selections {
            let faults = SchemaValidator(root: .object(WorkflowSchema.json)).faults(
                in: JSONValue(try YAMLReader.read(text)))
            #expect(faults == [])
        }
    }

    @Test(arguments: [
        ("columns: [{name: a, column_type: expression, expr: x, promt: y}]", "columns.0.promt"),
        ("columns: [{name: a, column_type: expresion, expr: x}]", "columns.0.column_type"),
        ("columns: [{name: a, column_type: expression}]", "columns.0.expr"),
        (
            "columns: [{name: a, column_type: sampler, sampler_type: uniform, params: {low: 1}}]",
            "columns.0.params.high"
        ),
        ("columns: [{name: a, column_type: sampler, sampler_type: bernoulli, params: {p: 2}}]", "columns.0.params.p"),
        ("data_designer: {columns: []}\ncolumns: []", "columns"),
        (
            "columns: []\nmodel_configs: [{alias: a, model: m, provider: p, inference_parameters: {generation_type: image, dimensions: 3}}]",
            "model_configs.0.inference_parameters"
        ),
        ("columns: []\nseed_config: {source: {seed_type: local}}", "seed_config"),
        ("columns: []\nprocessors: [{processor_type: drop_columns, name: d}]", "processors.0.column_names"),
        ("{}", "columns"),
    ])
    func `what the loader refuses by its keys the schema refuses`(text: String, path: String) throws {
        let value = JSONValue(try YAMLReader.read(text))
        let faults = SchemaValidator(root: .object(WorkflowSchema.json)).faults(in: value)
        #expect(faults.contains(path), "\(faults)")
        #expect(!problems(text).isEmpty)
    }

    @Test func `the schema is a schema`() {
        #expect(SchemaChecker.faults(in: WorkflowSchema.json, at: .root).map(\.message) == [])
    }
}
