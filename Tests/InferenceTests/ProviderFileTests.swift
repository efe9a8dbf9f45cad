import Glibc
import JSON
import Testing

@testable import Inference

struct ProviderFileTests {
    private let full = """
        providers:
          - name: nim-a
            endpoint: http://nim-a.internal:8000/v1
            provider_type: OpenAI
            api_key: NIM_A_KEY
            extra_headers: {X-Team: blue, X-Count: 3}
            extra_body: {top_k: 5, nested: {a: [1, 2.5, yes, null, "x"]}}
            max_parallel_requests: {"meta/llama-3.1-70b-instruct": 256}
            limit_scope: nim-a
          - name: local
            endpoint: http://localhost:8000
            api_key: null
        """

    private func problems(_ text: String) -> [String] {
        let error = #expect(throws: ProviderError.self) {
            try ProviderFile.parse(text, path: "p.yaml") { word, known in " Known: \(known.count), not \(word)." }
        }
        return error?.problems ?? []
    }

    @Test func `a provider has everything that its file says`() throws {
        let table = try ProviderFile.parse(full, path: "p.yaml")
        #expect(table.names == ["nim-a", "local", "nvidia", "openai", "openrouter"])
        let providers = try table.resolve(environment: ["NIM_A_KEY": "k"])
        #expect(providers.map(\.name) == ["nim-a", "local"])
        let nim = providers[0]
        #expect(nim.endpoint.chatURL == "http://nim-a.internal:8000/v1/chat/completions")
        #expect(nim.endpoint.keyVariable == "NIM_A_KEY")
        #expect(nim.endpoint.extraBody == ["top_k": 5, "nested": ["a": [1, 2.5, true, nil, "x"]]])
        #expect(nim.cap(model: "meta/llama-3.1-70b-instruct", workflow: 4) == 256)
        #expect(nim.cap(model: "other", workflow: 4) == 4)
        #expect(nim.endpoint.limitKey(model: "m", workerHost: "h").description.hasPrefix("nim-a|"))
        #expect(providers[1].endpoint.keyVariable == nil)
    }

    @Test func `every problem of a file is told at once with its place`() {
        let found = problems(
            """
            providers:
              - name: a
                endpont: http://a
              - endpoint: http://b
              - name: c
                endpoint: c
                provider_type: bedrock
                max_parallel_requests: {m: 0}
                extra_body: [1]
              - name: d
                endpoint: http://d
              - name: d
                endpoint: http://d
              - e
            default: a
            """)
        #expect(
            found == [
                "p.yaml:15:1: unknown key \"default\". Known: 1, not default.",
                "p.yaml:3:5: unknown key \"endpont\". Known: 11, not endpont.",
                "p.yaml:2:5: a provider must have \"endpoint\", a text",
                "p.yaml:4:5: a provider must have \"name\", a text",
                "p.yaml:6:15: the endpoint of c must begin with http:// or https://",
                "p.yaml:12:5: provider d is there twice",
                "p.yaml:14:5: a provider must be a mapping",
            ])
        #expect(
            problems("providers:\n- {name: c, endpoint: http://c, provider_type: x, max_parallel_requests: {m: 0}}\n")
                == [
                    "p.yaml:2:48: provider_type must be openai or anthropic or http. Known: 3, not x.",
                    "p.yaml:2:78: max_parallel_requests of m must be a whole number from 1 on",
                ])
    }

    @Test func `an endpoint of rows is one URL, with a key, a cap and the names that workflows give it`() throws {
        let text = """
            providers:
            - {name: geo, endpoint: "https://geo/rows?v=1", provider_type: http, api_key: K, max_parallel_requests: 8, remote_urls: ["http://Old:80/x/"]}
            - {name: m, endpoint: "http://m/v1"}
            """
        let providers = try ProviderFile.parse(text, path: "p.yaml").resolve(
            serve: ["geo", "m"], environment: ["K": "k1"])
        let geo = providers[0]
        #expect(geo.endpoint.rowsURL == "https://geo/rows?v=1" && geo.endpoint.modelsURL == "https://geo/rows?v=1")
        #expect(geo.caps == ["http": 8])
        #expect(geo.endpoint.keyVariable == "K" && geo.endpoint.queueGauge == nil)
        for url in ["https://geo/rows?v=1", "http://old/x", "HTTP://OLD/x/"] { #expect(geo.isMeant(by: url), "\(url)") }
        for url in ["https://geo/rows", "http://old/y", "http://m/v1", "old"] {
            #expect(!geo.isMeant(by: url), "\(url)")
        }
        // A model's endpoint is no remote validator's, whatever its URL.
        #expect(!providers[1].isMeant(by: "http://m/v1"))
        #expect(ModelAsk.embeddings([]).refusal(by: .http)?.kind == .notFound)
    }

    @Test func `the names of other routes cannot be providers`() {
        #expect(
            problems(
                "providers: [{name: tools, endpoint: 'http://a'}, {name: remote, endpoint: 'http://a', remote_urls: x}]"
            )
                == [
                    "p.yaml:1:13: tools is the name of routes of validation columns: choose another one",
                    "p.yaml:1:50: remote is the name of routes of validation columns: choose another one",
                    "p.yaml:1:100: remote_urls must be a list of URLs",
                ])
    }

    @Test(arguments: ["", "a", "- a", "providers: a", "providers: {}"])
    func `a file without a list of providers is an error`(_ text: String) {
        #expect(problems(text).count == 1)
    }

    @Test func `text that is no YAML is an error with its line`() {
        #expect(problems("providers: [").first?.hasPrefix("p.yaml: not YAML: line ") == true)
    }

    @Test func `a key that is not set is an error that names its variable`() throws {
        let table = try ProviderFile.parse(full, path: "p.yaml")
        let error = #expect(throws: ProviderError.self) { try table.resolve(environment: ["NIM_A_KEY": ""]) }
        #expect(
            error?.problems == [
                "p.yaml:2:5: provider nim-a: the environment variable NIM_A_KEY, which its api_key names, is not set"
            ])
        // What is not served needs no key.
        #expect(try table.resolve(serve: ["local"], environment: [:]).map(\.name) == ["local"])
    }

    @Test func `a key in the file is refused and not repeated`() throws {
        let table = try ProviderFile.parse(
            "providers: [{name: a, endpoint: 'http://a', api_key: sk-secret}]", path: "p.yaml")
        let error = #expect(throws: ProviderError.self) { try table.resolve(environment: [:]) }
        #expect(error?.description.contains("must be the name of an environment variable") == true)
        #expect(error?.description.contains("secret") == false)
    }

    @Test func `a key may come from a file`() throws {
        var template = Array("/tmp/key-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { unlink(path) }
        #expect(write(descriptor, "k1\nrest\n", 8) == 8)
        close(descriptor)
        let table = try ProviderFile.parse(full, path: "p.yaml")
        let fromFile = try table.resolve(serve: ["nim-a"], environment: ["NIM_A_KEY_FILE": path])
        let direct = try table.resolve(serve: ["nim-a"], environment: ["NIM_A_KEY": "k1"])
        #expect(
            fromFile[0].endpoint.limitKey(model: "m", workerHost: "h")
                == direct[0].endpoint.limitKey(model: "m", workerHost: "h"))
        #expect(throws: ProviderError.self) {
            try table.resolve(serve: ["nim-a"], environment: ["NIM_A_KEY_FILE": path + "-none"])
        }
    }

    @Test func `a key that would break the header is refused and not repeated`() throws {
        let table = try ProviderFile.parse(full, path: "p.yaml")
        let error = #expect(throws: ProviderError.self) {
            try table.resolve(environment: ["NIM_A_KEY": "secret\nX: y"])
        }
        #expect(error?.description.contains("line break") == true)
        #expect(error?.description.contains("secret") == false)
    }

    @Test func `built-in providers are served when their key is there or when they are named`() throws {
        let table = ProviderTable()
        #expect(try table.resolve(environment: ["OPENAI_API_KEY": "k"]).map(\.name) == ["openai"])
        let error = #expect(throws: ProviderError.self) { try table.resolve(serve: ["nvidia"], environment: [:]) }
        #expect(error?.description.contains("NVIDIA_API_KEY") == true)
        #expect(throws: ProviderError.self) { try table.resolve(environment: [:]) }
        let own = try ProviderFile.parse("providers: [{name: openai, endpoint: 'http://a.b'}]", path: "p.yaml")
        #expect(
            try own.resolve(environment: ["OPENAI_API_KEY": "k"]).map(\.endpoint.chatURL) == [
                "http://a.b/chat/completions"
            ])
    }

    @Test func `an unknown provider is an error with the known ones at hand`() {
        let error = #expect(throws: ProviderError.self) {
            try ProviderTable().resolve(serve: ["nvidai"], environment: [:]) { _, known in " \(known)" }
        }
        #expect(error?.problems == ["unknown provider \"nvidai\". [\"nvidia\", \"openai\", \"openrouter\"]"])
    }
}
