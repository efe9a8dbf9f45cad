import Spelling

/// Checks what the parts of a draft say of each other: names, references, order; everything that can be known before a
/// model is called, and with it what the library finds only at run time.
struct WorkflowChecker {
    let log: ProblemLog
    let draft: WorkflowDraft
    /// The seed's columns; nil where nobody has looked into the data.
    let seedColumns: [String]?
    /// The place in `draft.columns` of each name that can be used, side effects by their producer.
    let producers: [String: Int]
    let models: [ModelConfig]

    init(_ draft: WorkflowDraft, models: [ModelConfig], seedColumns: [String]?, log: ProblemLog) {
        self.draft = draft
        self.log = log
        self.models = models
        self.seedColumns = draft.seed.map { seedColumns ?? $0.value.source.columns } ?? []
        var producers: [String: Int] = [:]
        for (place, column) in draft.columns.enumerated().reversed() {
            for effect in column.value.sideEffects { producers[effect] = place }
        }
        for (place, column) in draft.columns.enumerated().reversed() { producers[column.value.name] = place }
        self.producers = producers
    }

    func check() {
        checkNames()
        checkModels()
        checkTools()
        checkReferences()
        checkSamplers()
        checkConstraints()
        checkProcessors()
        checkOutput()
    }

    /// Every name that a template may use, for suggestions.
    var usableNames: [String] {
        draft.columns.flatMap { [$0.value.name] + $0.value.sideEffects } + (seedColumns ?? [])
    }

    /// Whether a name is a column that is there, or may be there: one that could not be read, or one of seed data
    /// that nobody has looked into.
    func mayExist(_ name: String) -> Bool {
        producers[name] != nil || draft.declaredNames.contains { $0.value == name } || seedColumns == nil
            || seedColumns?.contains(name) == true
    }

    // MARK: Names

    private func checkNames() {
        var first: [String: SourcePath] = [:]
        for name in draft.declaredNames where !name.value.isEmpty {
            if let other = first[name.value] {
                log.report(name.path["name"], "is the name of \(shown(other)) too: \(name.value)")
            } else {
                first[name.value] = name.path
            }
            if seedColumns?.contains(name.value) == true {
                log.report(name.path["name"], "is also a column of the seed data: \(name.value)")
            }
        }
        for column in draft.columns {
            for effect in column.value.sideEffects {
                if let other = first[effect] {
                    log.report(
                        other["name"], "is also what \(shown(column.path)) writes beside itself: \(effect)",
                        "Choose another name")
                }
            }
        }
        checkUnique(draft.models.map { ($0.value.alias, $0.path["alias"]) }, "alias")
        checkUnique(draft.tools.map { ($0.value.alias, $0.path["tool_alias"]) }, "alias")
        checkUnique(draft.processors.map { ($0.value.name, $0.path["name"]) }, "name")
    }

    private func checkUnique(_ names: [(String, SourcePath)], _ word: String) {
        var seen: [String: SourcePath] = [:]
        for (name, path) in names where !name.isEmpty {
            if let other = seen[name] {
                let owner = SourcePath(steps: other.steps.dropLast())
                log.report(path, "is the \(word) of \(shown(owner)) too: \(name)")
            } else {
                seen[name] = path
            }
        }
    }

    func shown(_ path: SourcePath) -> String {
        SourcePath(steps: path.steps.filter { $0 != .key("data_designer") }).description
    }

    // MARK: Models and tools

    private func checkModels() {
        for column in draft.columns {
            guard let alias = column.value.modelAlias, !alias.isEmpty else { continue }
            check(alias: alias, of: column.value, at: column.path["model_alias"])
        }
        let providers =
            draft.models.map { ($0.value.provider, $0.path["provider"]) }
            + draft.columns.compactMap { column in
                if case .http(let http) = column.value.kind { (http.provider, column.path["provider"]) } else { nil }
            }
        for (provider, path) in providers where ["tools", "remote"].contains(provider) {
            log.report(path, "is \(provider), a name that routes of validation columns have", "Choose another name")
        }
        for profiler in draft.profilers where !profiler.value.modelAlias.isEmpty {
            check(alias: profiler.value.modelAlias, of: nil, at: profiler.path["model_alias"])
        }
    }

    private func check(alias: String, of column: Column?, at path: SourcePath) {
        guard let model = models.first(where: { $0.alias == alias }) else {
            let names = models.map(\.alias)
            log.report(
                path, "is \(alias); no such model",
                Suggestion.sentence(for: alias, among: names) ?? "There are: \(names.joined(separator: ", "))")
            return
        }
        let wanted: String? =
            switch column?.kind {
            case .embedding: "embedding"
            case .image: nil
            default: "chat-completion"
            }
        if let wanted, model.inference.kind.typeName != wanted {
            log.report(
                path,
                "is \(alias), a model with generation_type \(model.inference.kind.typeName), where "
                    + "\(wanted) is needed")
        }
    }

    private func checkTools() {
        let names = draft.tools.map(\.value.alias)
        for column in draft.columns {
            guard case .generated(let generated) = column.value.kind, let alias = generated.toolAlias,
                !names.contains(alias)
            else { continue }
            log.report(
                column.path["tool_alias"], "is \(alias); no such tool config",
                Suggestion.sentence(for: alias, among: names))
        }
    }

    // MARK: Output

    private func checkOutput() {
        if draft.declaredNames.isEmpty {
            if draft.seed == nil {
                log.report(.root["columns"], "must hold at least one column")
            } else if draft.processors.isEmpty {
                log.report(.root["columns"], "must hold at least one column, since there are no processors")
            }
        } else if draft.seed == nil, draft.columns.count == draft.declaredNames.count,
            draft.columns.allSatisfy(\.value.isDropped)
        {
            log.report(.root["columns"], "are all dropped: nothing would be left", "Take drop off one of them")
        }
    }
}
