/// How a workflow is written.
package enum WorkflowFormat: Sendable, Hashable {
    /// YAML 1.1, as Data Designer writes it.
    case yaml
    case json

    /// By the file's name: `.json` is JSON, all else YAML.
    package init(fileName: String) {
        self = fileName.lowercased().hasSuffix(".json") ? .json : .yaml
    }
}
