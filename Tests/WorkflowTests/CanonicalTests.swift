import JSON
import Testing

@testable import Workflow

struct CanonicalTests {
    @Test(arguments: Fixture.names)
    func `what the library wrote is written again key by key`(name: String) throws {
        let file = try Fixture.text("\(name).json")
        let workflow = try Fixture.load("\(name).json")
        let expected = try JSONValue(parsing: file).serialized(.pretty())
        #expect(JSONValue.object(workflow.canonicalJSON).serialized(.pretty()) == expected)
    }

    @Test(arguments: Fixture.names)
    func `the canonical form loads to the same workflow`(name: String) throws {
        let workflow = try Fixture.load("\(name).yaml")
        let text = JSONValue.object(workflow.canonicalJSON).serialized()
        let again = Workflow.load(text: text, name: "again", format: .json, capabilities: nil)
        #expect(again.problems.isEmpty)
        #expect(again.workflow == workflow)
    }

    /// `DataDesignerConfigBuilder.from_config(file).build().fingerprint()` of data-designer 0.9.6.
    static let fingerprints = [
        "01-basic-review": "a606606ecf62fe6592d6c755bed51a1dd2009c310d62d82fcbb93cf5a205a118",
        "02-all-samplers": "8ae6d33fd6e6a56d464d0ce5f14f3e4b93367ea7fe151dae6221609b46b8865c",
        "03-structured-judge": "3cbe6c0a1d4d162dbf8ab0eb249125ef17632021da64a1cf1865734f1b66a52f",
        "04-code-validation": "0f252dd945c7eb98f6d1121b3431c43c203841f5fda519c38f99bd02d02ec86d",
        "05-seeded-embedding": "b0783fea9428065f399b2382b00f3b6943b73712615a040d921bb13e29fbdf91",
        "06-skip-pipeline": "66c36cc53154a8e50d6a818d1d641bd908cb89362d5145b0e6601a0c032e1dc1",
        "07-multimodal-tools": "904c36739ccaf8ea90c846c6e7a014c3c6b8fc042de2b0fa6e735dc559472f3f",
        "09-seed-directory": "844066dea1eb937575f8c2dfe0b560d0162934e79a146c5f55f84c1fbbf0ed00",
        "10-seed-file-contents": "184f40dba70e90e46f839575c4da51bdf485f5ffda5204f24101a14e97e5f120",
        "11-seed-agent-rollout": "38b0289eb2bfdd75446c9a6e08b0d06601de2694c1922f8b76d9640e71d642c7",
    ]

    @Test(arguments: fingerprints.keys.sorted(), ["json", "yaml"])
    func `the fingerprint is the library's`(name: String, format: String) throws {
        let workflow = try Fixture.load("\(name).\(format)")
        #expect(workflow.fingerprint == "sha256:" + (Self.fingerprints[name] ?? ""))
    }

    @Test func `how a workflow is run does not change its fingerprint and what decides the data does`() throws {
        func fingerprint(_ inference: String, _ more: String = "") throws -> String {
            try workflow(
                """
                columns: [{name: a, column_type: llm-text, prompt: "{{ b }}", model_alias: w},
                          {name: b, column_type: sampler, sampler_type: uuid, params: {}}]
                model_configs: [{alias: w, model: m, provider: p, inference_parameters: {\(inference)}\(more)}]
                """
            ).fingerprint
        }
        let plain = try fingerprint("temperature: 1")
        #expect(try fingerprint("temperature: 1.0, timeout: 5, max_parallel_requests: 9") == plain)
        #expect(try fingerprint("temperature: 1", ", skip_health_check: true") == plain)
        #expect(try fingerprint("temperature: 0.5") != plain)
    }
}
