import Workflow

/// A workflow file that passed every check that can be made before a model is called.
struct WorkflowFile {
    let path: String
    let workflow: Workflow

    /// Reads and checks the file; warnings are printed.
    ///
    /// - Throws: exit 65 with every problem at once.
    init(_ path: String) throws {
        self.path = path
        let loaded = Workflow.load(path: path)
        for warning in loaded.warnings { Talk.line("warning: \(warning)") }
        guard let workflow = loaded.workflow, loaded.problems.isEmpty else {
            throw Self.failure(loaded.problems)
        }
        self.workflow = workflow
    }

    private static func failure(_ problems: [Problem]) -> CommandFailure {
        let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
        return CommandFailure(
            .invalidWorkflow, "the workflow is not valid (\(count))", details: problems.map(\.description))
    }

    /// `reviews` for `examples/reviews.yaml`.
    var stem: String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
        return String(name[..<dot])
    }
}
