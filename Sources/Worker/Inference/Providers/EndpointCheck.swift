import HTTP

/// Whether an endpoint is there and takes the worker's key: one question that costs no tokens.
package struct EndpointCheck: Sendable {
    package let provider: String
    package let url: EndpointURL
    /// Nil: the endpoint is ready.
    package let failure: CallFailure?
    /// What a person should know of an endpoint that is there.
    package let hint: String?
    package let duration: Duration

    /// Asks every endpoint for its list of models, all at once; the answers are in the order of the providers.
    ///
    /// An endpoint without such a list (404, 405, 501) is ready too: it answered.
    package static func run(_ providers: [Provider], timeout: Duration = .seconds(10)) async -> [EndpointCheck] {
        let session = HTTPSession()
        return await withTaskGroup(of: (Int, EndpointCheck).self) { group in
            for (place, provider) in providers.enumerated() {
                group.addTask { (place, await run(provider, over: session, timeout)) }
            }
            var checks: [(Int, EndpointCheck)] = []
            for await check in group { checks.append(check) }
            return checks.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private static func run(
        _ provider: Provider, over session: HTTPSession, _ timeout: Duration
    ) async -> EndpointCheck {
        let endpoint = provider.endpoint
        let request = HTTPRequest(
            method: .get, url: endpoint.modelsURL, headers: endpoint.headers, timeout: timeout,
            maximumResponseBytes: 32 << 20)
        let start = ContinuousClock.now
        let result: Result<HTTPResponse, HTTPError>
        do throws(HTTPError) {
            result = .success(try await session.send(request))
        } catch {
            result = .failure(error)
        }
        return EndpointCheck(
            provider: provider.name, url: endpoint.url, failure: failure(result, endpoint),
            hint: hint(result, endpoint.dialect),
            duration: start.duration(to: .now))
    }

    /// Servers such as vLLM and NIM have a list of models, and have it below `/v1`.
    private static func hint(_ result: Result<HTTPResponse, HTTPError>, _ dialect: Endpoint.Dialect) -> String? {
        guard dialect == .openAI, case .success(let response) = result, response.status == 404 else { return nil }
        return "it has no list of models (404): if calls fail, look whether the address should end in /v1"
    }

    private static func failure(_ result: Result<HTTPResponse, HTTPError>, _ endpoint: Endpoint) -> CallFailure? {
        if case .success(let response) = result, [200, 404, 405, 501].contains(response.status) { return nil }
        switch CallOutcome(result, of: .embeddings([]), by: endpoint) {
        case .reply: return nil
        case .failed(let failure): return failure
        case .cancelled: return CallFailure(kind: .connection, message: "cancelled")
        }
    }
}
