/// What reading a workflow file gave.
package struct LoadedWorkflow: Sendable {
    /// The workflow; nil when there is any problem.
    package let workflow: Workflow?
    /// Everything that is wrong, in the order of the file.
    package let problems: [Problem]
    package let warnings: [Problem]
}

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
