/// A provider of models as one worker knows it.
package struct Provider: Sendable {
    package let name: String
    package let endpoint: Endpoint
    /// The operator's caps for the cluster, by model.
    package let caps: [String: Int]
    /// What remote validators in workflows call this endpoint, besides its own URL.
    package var remoteURLs: [EndpointURL] = []

    /// Whether a remote validator's `endpoint_url` means this endpoint.
    package func isMeant(by url: String) -> Bool {
        guard endpoint.dialect == .http, let url = try? EndpointURL(url) else { return false }
        return endpoint.url == url || remoteURLs.contains(url)
    }

    /// What the cluster may have in flight for a model at most: the operator's cap, else the workflow's.
    package func cap(model: String, workflow: Int) -> Int { caps[model] ?? workflow }
}
