import Testing

@testable import Inference

struct LimitKeyTests {
    private func endpoint(_ url: String, key: String? = nil, scope: String? = nil) throws -> Endpoint {
        try Endpoint(
            url: EndpointURL(url), credential: key.map { Credential(variable: "KEY", secret: $0) }, scope: scope)
    }

    @Test func `workers on different hosts share the limit of a server that both reach`() throws {
        let endpoint = try endpoint("https://NIM.internal:443/v1/")
        #expect(endpoint.limitKey(model: "m", workerHost: "a") == endpoint.limitKey(model: "m", workerHost: "b"))
        #expect(endpoint.limitKey(model: "m", workerHost: "a").description == "https://nim.internal/v1|-|m|chat")
    }

    @Test func `a server beside each worker has a limit of its own, unless a scope says otherwise`() throws {
        let local = try endpoint("http://localhost:8000/v1")
        #expect(local.limitKey(model: "m", workerHost: "A").description == "http://localhost:8000/v1@a|-|m|chat")
        #expect(local.limitKey(model: "m", workerHost: "a") != local.limitKey(model: "m", workerHost: "b"))
        let shared = try endpoint("http://localhost:8000/v1", scope: "one")
        #expect(shared.limitKey(model: "m", workerHost: "a") == shared.limitKey(model: "m", workerHost: "b"))
    }

    @Test func `credential, model and domain tell keys apart, and no key can pass for another`() throws {
        let first = try endpoint("https://a.b", key: "sk-one")
        let second = try endpoint("https://a.b", key: "sk-two")
        let keys = [
            first.limitKey(model: "m", workerHost: "h"), second.limitKey(model: "m", workerHost: "h"),
            first.limitKey(model: "n", workerHost: "h"),
            first.limitKey(model: "m", domain: .embedding, workerHost: "h"),
            first.limitKey(model: "m|chat", workerHost: "h"), first.limitKey(model: "m%7Cchat", workerHost: "h"),
        ]
        #expect(Set(keys).count == keys.count)
    }

    @Test func `the credential is there as eight digits and never as itself`() throws {
        let key = try endpoint("https://a.b", key: "sk-secret").limitKey(model: "m", workerHost: "h").description
        #expect(!key.contains("secret"))
        #expect(key.split(separator: "|")[1].count == 8)
        let credential = Credential(variable: "KEY", secret: "sk-secret")
        #expect("\(credential)" == "•••• (KEY)")
        #expect(!String(reflecting: credential).contains("secret"))
        var dumped = ""
        dump(credential, to: &dumped)
        #expect(!dumped.contains("secret"))
    }
}
