/// A provider of models as one worker knows it.
package struct Provider: Sendable {
    package let name: String
    package let endpoint: Endpoint
    /// The operator's caps for the cluster, by model.
    package let caps: [String: Int]

    /// What the cluster may have in flight for a model at most: the operator's cap, else the workflow's.
    package func cap(model: String, workflow: Int) -> Int { caps[model] ?? workflow }
}
