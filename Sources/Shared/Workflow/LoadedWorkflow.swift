/// What reading a workflow file gave.
package struct LoadedWorkflow: Sendable {
    /// The workflow; nil when there is any problem.
    package let workflow: Workflow?
    /// Everything that is wrong, in the order of the file.
    package let problems: [Problem]
    package let warnings: [Problem]
    /// The seed data set, also of a workflow with problems elsewhere: its data can be looked into.
    package let seed: SeedConfig?
    /// Where the seed's source stands.
    private let seedMark: SourceMark

    init(
        workflow: Workflow?, problems: [Problem], warnings: [Problem], seed: SeedConfig? = nil,
        seedMark: SourceMark = SourceMark(line: 1, column: 1)
    ) {
        self.workflow = workflow
        self.problems = problems
        self.warnings = warnings
        self.seed = seed
        self.seedMark = seedMark
    }

    /// A file that is no document at all.
    package init(unreadable problem: Problem) {
        self.init(workflow: nil, problems: [problem], warnings: [])
    }

    /// The same with a problem of its seed data.
    package func adding(seedProblem message: String, suggestion: String?, file: String) -> LoadedWorkflow {
        let problem = Problem(
            file: file, mark: seedMark, path: "seed_config.source", message: message, suggestion: suggestion)
        let all = (problems + [problem]).sorted { $0.mark < $1.mark }
        return LoadedWorkflow(workflow: nil, problems: all, warnings: warnings, seed: seed, seedMark: seedMark)
    }
}
