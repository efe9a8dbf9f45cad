extension WorkflowDraft {
    /// Reports what the engine does not run: the feature, the column, and what to use instead.
    func reportUnsupported(by capabilities: Capabilities, in log: ProblemLog) {
        let refusal = Refusal(capabilities: capabilities, log: log)
        for column in columns { refusal.check(column) }
        for model in models { refusal.check(model) }
        for call in longestCalls { refusal.check(call) }
        for constraint in constraints.prefix(1) { refusal.check(.constraints, at: constraint.path) }
        for processor in processors {
            refusal.check(.processor(processor.value.kind.typeName), at: processor.path["processor_type"])
        }
        if let seed { refusal.check(seed.value.source, at: seed.path["source"]) }
        // Profilers change no data: they are left out, with a warning.
        if let profiler = profilers.first { log.warn(profiler.path, "is a profiler; Tessera leaves it out") }
    }
}

/// How long a call may take, and where that is said, or could be.
private struct CallBound {
    let seconds: Double
    /// Of the key `timeout`, be it there or not.
    let path: SourcePath
    var isDefault = false
}

extension WorkflowDraft {
    /// Of the models that columns use, and of the columns that endpoints make.
    fileprivate var longestCalls: [CallBound] {
        let used = Set(columns.compactMap(\.value.modelAlias))
        var calls = models.filter { used.contains($0.value.alias) }.map { model in
            let seconds = model.value.inference.timeoutSeconds
            return CallBound(
                seconds: Double(seconds ?? InferenceParameters.defaultTimeoutSeconds),
                path: model.path["inference_parameters"]["timeout"], isDefault: seconds == nil)
        }
        for column in columns {
            switch column.value.kind {
            case .http(let http):
                calls.append(CallBound(seconds: http.timeoutSeconds, path: column.path["timeout"]))
            case .validation(let validation):
                guard case .remote(let remote) = validation.validator else { continue }
                let path = column.path["validator_params"]["timeout"]
                calls.append(CallBound(seconds: remote.timeoutSeconds, path: path))
            default: continue
            }
        }
        return calls
    }
}

/// Reports uses of features that an engine does not run.
private struct Refusal {
    let capabilities: Capabilities
    let log: ProblemLog

    /// Reports the key at the end of `path`, unless the feature is run; `owner` is the column or model it is of.
    @discardableResult
    func check(_ feature: Feature, at path: SourcePath, of owner: String? = nil, instead: String? = nil) -> Bool {
        if feature.isRun(by: capabilities) { return true }
        log.reportKey(
            path, "\(owner.map { "of \($0) " } ?? "")is \(feature.noun): Tessera does not run that",
            instead ?? feature.replacement(in: capabilities))
        return false
    }

    func check(_ source: SeedConfig.Source, at path: SourcePath) {
        guard check(.seed(source.typeName), at: path["seed_type"]) else { return }
        if case .local(let file) = source, file.hasSuffix(".parquet") {
            let instead = Feature.parquetSeed.replacement(in: capabilities)
                .replacing("x.parquet", with: file).replacing("x.jsonl", with: "\(file.dropLast(8)).jsonl")
            check(.parquetSeed, at: path["path"], instead: instead)
        }
    }

    func check(_ located: Located<Column>) {
        let (path, column) = (located.path, located.value)
        @discardableResult func use(_ feature: Feature, _ key: String) -> Bool {
            check(feature, at: path[key], of: column.name)
        }
        guard let type = ColumnType(rawValue: column.typeName), use(.columnType(type), "column_type") else { return }
        if column.skip != nil { use(.skip, "skip") }
        switch column.kind {
        case .sampler(let sampler):
            use(.sampler(sampler.type), "sampler_type")
            for case .personFromFaker(let person) in [sampler.parameters] + sampler.conditions.map(\.parameters) {
                use(.personLocale(person.locale), "params")
            }
            if !sampler.conditions.isEmpty { use(.conditions, "conditional_params") }
        case .generated(let generated):
            if !column.sideEffects.isEmpty {
                use(.sideEffects, generated.trace == .none ? "extract_reasoning_content" : "with_trace")
            }
            check(generated.context, of: located)
            if generated.toolAlias != nil { use(.tools, "tool_alias") }
        case .image(let image): check(image.context, of: located)
        case .validation(let validation): use(.validator(validation.validator.typeName), "validator_type")
        case .seed, .expression, .embedding, .http, .custom: break
        }
    }

    private func check(_ context: [MediaContext], of column: Located<Column>) {
        for (index, item) in context.enumerated() {
            check(.media(item.modality), at: column.path["multi_modal_context"][index], of: column.value.name)
        }
    }

    /// A call that may take longer than its task is held would be taken back, uncharged, and made again without an end.
    func check(_ call: CallBound) {
        guard let longest = capabilities.longestCall, call.seconds > longest / .seconds(1) else { return }
        let held = longest.components.seconds
        let given = Int64(exactly: call.seconds).map(String.init) ?? "\(call.seconds)"
        var advice = "Make it \(held) or less"
        // What the setting may be at most.
        if call.seconds <= 86_400 {
            let needed = Int64(call.seconds.rounded(.up))
            advice += ", or set hold_seconds (TESSERA_HOLD_SECONDS) to \(needed) for every coordinator and worker"
        }
        log.report(
            call.path,
            "is \(given) s\(call.isDefault ? " where it is not set" : ""), but workers hold a task for \(held) s at most",
            advice)
    }

    func check(_ model: Located<ModelConfig>) {
        guard case .chat(let temperature, let topP, _) = model.value.inference.kind else { return }
        for (key, number) in [("temperature", temperature), ("top_p", topP)] {
            switch number {
            case .uniform, .manual:
                check(.sampledInference, at: model.path["inference_parameters"][key], of: model.value.alias)
            case .fixed, nil: break
            }
        }
    }
}
