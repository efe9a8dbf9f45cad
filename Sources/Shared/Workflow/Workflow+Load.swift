import Foundation

extension Workflow {
    /// Files above this are no workflows.
    private static let maximumBytes = 16 << 20

    /// Reads and checks a workflow file. Nothing is thrown: a file that cannot be read is a problem too.
    ///
    /// - Parameters:
    ///   - path: as the user gave it; problems name it so.
    ///   - seedColumns: the columns of the seed data set where they are known. Without them names that are no column
    ///     are taken for columns of the seed, if the workflow has one.
    ///   - capabilities: what the engine runs; what it does not is a problem. Nil checks the language alone.
    package static func load(
        path: String, seedColumns: [String]? = nil, capabilities: Capabilities? = .current
    ) -> LoadedWorkflow {
        func failed(_ message: String) -> LoadedWorkflow {
            let start = SourceMark(line: 1, column: 1)
            return LoadedWorkflow(
                workflow: nil, problems: [Problem(file: path, mark: start, path: "", message: message)], warnings: [])
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            return failed("the file cannot be read, or does not exist")
        }
        guard data.count <= maximumBytes else { return failed("the file is larger than 16 MiB") }
        guard let text = String(validating: data, as: UTF8.self) else { return failed("the file is not UTF-8") }
        return load(
            text: text, name: path, format: WorkflowFormat(fileName: path), seedColumns: seedColumns,
            capabilities: capabilities)
    }

    /// Reads and checks the text of a workflow file; `name` is what problems call it.
    package static func load(
        text: String, name: String, format: WorkflowFormat, seedColumns: [String]? = nil,
        capabilities: Capabilities? = .current
    ) -> LoadedWorkflow {
        let root: SourceNode
        do {
            root =
                switch format {
                case .yaml: try YAMLReader.read(text)
                case .json: try JSONReader.read(text)
                }
        } catch {
            let problem = Problem(file: name, mark: error.mark, path: "", message: error.message)
            return LoadedWorkflow(workflow: nil, problems: [problem], warnings: [])
        }
        let log = ProblemLog(file: name, root: root)
        let draft = WorkflowReader(log: log).draft(of: root)
        let usesBuiltIns = draft.models.isEmpty && !draft.hasModels
        let models = usesBuiltIns ? BuiltInModels.all : draft.models.map(\.value)
        if draft.isWorkflow {
            WorkflowChecker(draft, models: models, seedColumns: seedColumns, log: log).check()
            if let capabilities { draft.reportUnsupported(by: capabilities, in: log) }
            if usesBuiltIns, draft.columns.contains(where: { $0.value.modelAlias != nil }) {
                log.warn(.root, "no model_configs: the \(models.count) built-in models are used")
            }
        }
        let workflow = log.problems.isEmpty ? draft.workflow(models: models, usesBuiltIns, seedColumns) : nil
        let seedMark = draft.seed.map { root.deepest($0.path["source"]).mark }
        return LoadedWorkflow(
            workflow: workflow, problems: log.sortedProblems, warnings: log.warnings, seed: draft.seed?.value,
            seedMark: seedMark ?? root.mark)
    }
}

extension WorkflowDraft {
    /// The workflow of a draft without problems.
    fileprivate func workflow(models: [ModelConfig], _ usesBuiltIns: Bool, _ seedColumns: [String]?) -> Workflow? {
        let own = columns.map(\.value)
        let columns = self.seedColumns(known: seedColumns, own) + own
        let constraints = constraints.map(\.value)
        guard let graph = try? ColumnGraph(columns: columns, constraints: constraints) else { return nil }
        return Workflow(
            columns: columns, models: models, usesBuiltInModels: usesBuiltIns, tools: tools.map(\.value),
            seed: seed?.value, constraints: constraints, profilers: profilers.map(\.value),
            processors: processors.map(\.value), libraryVersion: libraryVersion ?? Workflow.languageVersion,
            graph: graph)
    }

    /// The seed's columns: as known, else the names that are used and that no column of the file writes.
    private func seedColumns(known: [String]?, _ own: [Column]) -> [Column] {
        guard let seed else { return [] }
        let names: [String]
        if let known = known ?? seed.value.source.columns {
            names = known
        } else {
            let written = Set(own.flatMap { [$0.name] + $0.sideEffects })
            var used = own.flatMap { $0.references + ($0.skip?.when.names ?? []) }
            for processor in processors {
                if case .schemaTransform(_, let text) = processor.value.kind { used += text.names }
            }
            names = used.uniqued().filter { !written.contains($0) }
        }
        return names.map {
            Column(name: $0, isDropped: false, skip: nil, propagatesSkip: true, kind: .seed)
        }
    }
}
