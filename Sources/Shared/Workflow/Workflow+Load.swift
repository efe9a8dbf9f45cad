extension Workflow {
    /// Files above this are no workflows.
    package static let maximumMebibytes = 16

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
        do throws(SourceError) {
            let document = try DocumentText.read(path, maximumMebibytes: maximumMebibytes)
            return load(document, seedColumns: seedColumns, capabilities: capabilities)
        } catch {
            return LoadedWorkflow(unreadable: error.problem(in: path))
        }
    }

    /// Reads and checks the text of a workflow file; `name` is what problems call it.
    package static func load(
        text: String, name: String, format: WorkflowFormat, seedColumns: [String]? = nil,
        capabilities: Capabilities? = .current
    ) -> LoadedWorkflow {
        load(
            DocumentText(text: text, name: name, format: format), seedColumns: seedColumns,
            capabilities: capabilities)
    }

    /// Reads and checks the text of a workflow file.
    package static func load(
        _ document: DocumentText, seedColumns: [String]? = nil, capabilities: Capabilities? = .current
    ) -> LoadedWorkflow {
        let root: SourceNode
        do throws(SourceError) {
            root = try document.root()
        } catch {
            return LoadedWorkflow(unreadable: error.problem(in: document.name))
        }
        let log = ProblemLog(file: document.name, root: root)
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
