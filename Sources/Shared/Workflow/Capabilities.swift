/// What the engine runs today, of the language that this module reads. The one list of its limits.
package struct Capabilities: Sendable {
    package var samplers: Set<SamplerType>
    /// The locales of made-up persons.
    package var personLocales: [String]
    /// The values of `column_type`.
    package var columnTypes: Set<String>
    package var allowsConditions: Bool
    package var allowsConstraints: Bool
    package var allowsSkip: Bool
    package var allowsSideEffects: Bool
    package var allowsMedia: Bool
    package var allowsTools: Bool
    /// The values of `seed_type`.
    package var seedTypes: Set<String>
    package var allowsProcessors: Bool
    package var allowsSampledInference: Bool

    package static let current = Capabilities(
        samplers: Set(SamplerType.allCases).subtracting([.person]),
        personLocales: ["en_US", "en_GB", "de_DE", "fr_FR"],
        columnTypes: ["sampler", "llm-text", "llm-code", "llm-structured", "llm-judge", "embedding", "expression"],
        allowsConditions: true, allowsConstraints: true, allowsSkip: true, allowsSideEffects: true,
        allowsMedia: true, allowsTools: false, seedTypes: ["local", "directory", "file_contents"],
        allowsProcessors: true,
        allowsSampledInference: true)

    /// Of `preview` and `plan`, which call no model: all columns that models write pass, since they are only named.
    package static var withoutModels: Capabilities {
        var capabilities = current
        capabilities.columnTypes = [
            "sampler", "expression", "llm-text", "llm-code", "llm-structured", "llm-judge", "embedding", "image",
            "validation", "custom",
        ]
        capabilities.allowsSideEffects = true
        capabilities.allowsMedia = true
        capabilities.allowsTools = true
        capabilities.allowsSampledInference = true
        return capabilities
    }
}

extension WorkflowDraft {
    /// Reports what the engine does not run yet: the feature, the column, and what to use instead.
    func reportUnsupported(by capabilities: Capabilities, in log: ProblemLog) {
        for column in columns { report(column, by: capabilities, in: log) }
        for model in models { report(model, by: capabilities, in: log) }
        func refuse(_ isAllowed: Bool, _ path: SourcePath?, _ feature: String, _ instead: String) {
            if !isAllowed, let path { log.reportKey(path, "\(feature): Tessera does not run that yet", instead) }
        }
        refuse(
            capabilities.allowsConstraints, constraints.first?.path, "is a constraint on a sampler",
            "Choose the sampler's own bounds instead")
        if let seed { report(seed, by: capabilities, in: log) }
        refuse(
            capabilities.allowsProcessors, processors.first?.path, "is a processor",
            "Use drop: true on columns, and expression columns, instead")
        // Profilers change no data: they are left out, with a warning.
        if let profiler = profilers.first { log.warn(profiler.path, "is a profiler; Tessera leaves it out") }
    }

    private func report(_ seed: Located<SeedConfig>, by capabilities: Capabilities, in log: ProblemLog) {
        let source = seed.value.source
        let path = seed.path["source"]
        if !capabilities.seedTypes.contains(source.typeName) {
            log.reportKey(
                path["seed_type"], "is \(source.typeName): Tessera does not read that yet",
                "Write the data to a csv or jsonl file and use seed_type local")
        } else if case .local(let file) = source, file.hasSuffix(".parquet") {
            let stem = file.dropLast(".parquet".count)
            log.reportKey(
                path["path"], "is a Parquet file: Tessera does not read that yet",
                """
                Convert it, and name the new file here: python -c "import pandas; \
                pandas.read_parquet('\(file)').to_json('\(stem).jsonl', orient='records', lines=True)"
                """)
        }
    }

    private func report(_ column: Located<Column>, by capabilities: Capabilities, in log: ProblemLog) {
        let (path, column) = (column.path, column.value)
        func refuse(_ key: String, _ feature: String, _ instead: String?) {
            log.reportKey(path[key], "of \(column.name) is \(feature): Tessera does not run that yet", instead)
        }
        if !capabilities.columnTypes.contains(column.typeName) {
            refuse("column_type", column.typeName, column.replacement)
            return
        }
        if column.skip != nil, !capabilities.allowsSkip {
            refuse("skip", "a skip rule", "Use an expression column to choose between values")
        }
        switch column.kind {
        case .sampler(let sampler):
            if !capabilities.samplers.contains(sampler.type) {
                let names = capabilities.samplers.map(\.rawValue).sorted().joined(separator: ", ")
                refuse("sampler_type", "the sampler \(sampler.type.rawValue)", "It draws: \(names)")
            } else if let locale = sampler.personLocale, !capabilities.personLocales.contains(locale) {
                let locales = capabilities.personLocales.joined(separator: ", ")
                refuse("params", "a person of locale \(locale)", "It has names for: \(locales)")
            } else if !sampler.conditions.isEmpty, !capabilities.allowsConditions {
                refuse("conditional_params", "conditional", "Use a column for each case, and an expression to choose")
            }
        case .generated(let generated):
            if !column.sideEffects.isEmpty, !capabilities.allowsSideEffects {
                let key = generated.trace == .none ? "extract_reasoning_content" : "with_trace"
                refuse(key, "a column beside the answer", "Leave it out")
            }
            if !generated.context.isEmpty, !capabilities.allowsMedia {
                refuse("multi_modal_context", "media beside the prompt", "Describe the media in a column of text")
            }
            if generated.toolAlias != nil, !capabilities.allowsTools {
                refuse("tool_alias", "the use of tools", "Put what the tools would find into the prompt")
            }
        default: break
        }
    }

    private func report(_ model: Located<ModelConfig>, by capabilities: Capabilities, in log: ProblemLog) {
        guard !capabilities.allowsSampledInference,
            case .chat(let temperature, let topP, _) = model.value.inference.kind
        else { return }
        for (key, number) in [("temperature", temperature), ("top_p", topP)] {
            switch number {
            case .uniform, .manual:
                log.report(
                    model.path["inference_parameters"][key],
                    "of \(model.value.alias) is a distribution: Tessera does not run that yet", "Give one number")
            case .fixed, nil: break
            }
        }
    }
}

extension SamplerColumn {
    /// The first locale of made-up persons.
    fileprivate var personLocale: String? {
        if case .personFromFaker(let parameters) = parameters { parameters.locale } else { nil }
    }
}

extension Column {
    /// What can stand in for a column type that is not run.
    fileprivate var replacement: String? {
        switch kind {
        case .generated: "Use an llm-text column, and say in its prompt what the answer must look like"
        case .custom: "A Python function is not in the file: use an expression, or do it after the export"
        case .validation(let validation):
            switch validation.validator {
            case .localCallable: "A Python function is not in the file: check the values after the export"
            default: "Check the values after the export"
            }
        case .embedding: "Embed the values after the export"
        case .image: "Write what the image shows with an llm-text column, and make it after the export"
        case .sampler, .seed, .expression: nil
        }
    }
}
