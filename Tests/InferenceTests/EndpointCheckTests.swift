import Testing

@testable import Inference

struct EndpointCheckTests {
    @Test func `an endpoint where nobody listens is told apart, in the order that was asked`() async throws {
        let table = try ProviderFile.parse(
            "providers: [{name: b, endpoint: 'http://127.0.0.1:1/v1'}, {name: a, endpoint: 'http://127.0.0.1:1'}]",
            path: "p.yaml")
        let checks = await EndpointCheck.run(try table.resolve(serve: ["b", "a"], environment: [:]))
        #expect(checks.map(\.provider) == ["b", "a"])
        #expect(checks.map(\.failure?.kind) == [.connection, .connection])
    }
}
