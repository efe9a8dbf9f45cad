import JSON

extension WorkflowReader {
    func model(_ node: SourceNode, at path: SourcePath) -> ModelConfig? {
        guard let fields = FieldReader(node, at: path, as: "a model config", log) else { return nil }
        let inference = fields.node("inference_parameters").flatMap {
            self.inference($0, at: path["inference_parameters"])
        }
        let model = ModelConfig(
            alias: fields.requiredText("alias"), model: fields.requiredText("model"),
            provider: fields.requiredText("provider"), inference: inference ?? .chatDefaults,
            skipsHealthCheck: fields.boolean("skip_health_check", default: false))
        fields.finish(elsewhere: Self.modelKeysElsewhere)
        for (key, value) in [("alias", model.alias), ("model", model.model), ("provider", model.provider)]
        where value.isEmpty && fields.keys.contains(key) {
            log.report(path[key], "must not be empty")
        }
        return model
    }

    /// Keys of older files and neighbouring tools, and where what they say belongs now.
    private static let modelKeysElsewhere: [String: String] = {
        var places: [String: String] = [:]
        for key in ["base_url", "endpoint", "url", "api_base"] {
            places[key] = "A worker knows its endpoints: it belongs in providers.yaml as the provider's endpoint"
        }
        for key in ["api_key", "api_key_env_var"] {
            places[key] = "A workflow holds no keys: it belongs in providers.yaml as the provider's api_key"
        }
        for key in ["throttle", "rate_limit", "max_concurrency"] {
            places[key] =
                "The limit adapts by itself: its upper bound is max_parallel_requests in inference_parameters, "
                + "or in providers.yaml for the whole cluster"
        }
        for key in ["temperature", "top_p", "max_tokens", "timeout", "extra_body", "max_parallel_requests"] {
            places[key] = "It belongs in inference_parameters"
        }
        places["is_reasoner"] = "It is gone: reasoning is read from every reply that has it"
        places["name"] = "A model has an alias, by which columns name it, and a model, the provider's name for it"
        return places
    }()

    private func inference(_ node: SourceNode, at path: SourcePath) -> InferenceParameters? {
        let isEmbedding = node["encoding_format"] != nil || node["dimensions"] != nil
        let given: String? = if case .text(let word) = node["generation_type"]?.content { word } else { nil }
        let type = given ?? (isEmbedding ? "embedding" : "chat-completion")
        guard
            let fields = FieldReader(node, at: path, as: "the inference parameters of \(type)", log)
        else { return nil }
        _ = fields.text("generation_type")
        let kind: InferenceParameters.Kind
        switch type {
        case "embedding":
            let format = fields.text("encoding_format") ?? "float"
            if !["float", "base64"].contains(format) {
                log.reportWord(format, path["encoding_format"], among: ["float", "base64"])
            }
            kind = .embedding(encodingFormat: format, dimensions: fields.integer("dimensions"))
        case "image": kind = .image
        case "chat-completion":
            kind = .chat(
                temperature: sampledNumber(fields, "temperature", within: 0...2),
                topP: sampledNumber(fields, "top_p", within: 0...1),
                maximumTokens: fields.integer("max_tokens", atLeast: 1))
        default:
            log.reportWord(type, path["generation_type"], among: ["chat-completion", "embedding", "image"])
            return nil
        }
        let parameters = InferenceParameters(
            kind: kind,
            maximumParallelRequests: fields.integer("max_parallel_requests", atLeast: 1, default: 4),
            timeoutSeconds: fields.integer("timeout", atLeast: 1),
            extraBody: fields.object("extra_body"))
        fields.finish(elsewhere: [
            "throttle": "The limit adapts by itself: its upper bound is max_parallel_requests",
            "max_concurrency": "Its name is max_parallel_requests",
        ])
        return parameters
    }

    private func sampledNumber(_ fields: FieldReader, _ key: String, within range: ClosedRange<Double>)
        -> SampledNumber?
    {
        guard let node = fields.node(key) else { return nil }
        let path = fields.path[key]
        func check(_ value: Double, _ path: SourcePath) {
            if range.contains(value) { return }
            log.report(path, "must be within \(Int(range.lowerBound)) and \(Int(range.upperBound)), not \(value)")
        }
        guard case .mapping = node.content else {
            guard let value = log.number(node, path) else { return nil }
            check(value, path)
            return .fixed(value)
        }
        guard let outer = FieldReader(node, at: path, as: "a distribution", log) else { return nil }
        let parametersNode = outer.requiredNode("params")
        let type = outer.text("distribution_type") ?? (parametersNode?["low"] != nil ? "uniform" : "manual")
        outer.finish()
        guard let parametersNode,
            let inner = FieldReader(parametersNode, at: path["params"], as: "a \(type) distribution's params", log)
        else { return nil }
        defer { inner.finish() }
        switch type {
        case "uniform":
            guard let low = inner.requiredNumber("low"), let high = inner.requiredNumber("high") else { return nil }
            if low >= high { log.report(inner.path["high"], "must be above low: \(high) is not above \(low)") }
            check(low, inner.path["low"])
            check(high, inner.path["high"])
            return .uniform(low: low, high: high)
        case "manual":
            let values = inner.requiredNode("values").map { log.items($0, inner.path["values"]) } ?? []
            let numbers = values.compactMap { log.number($0.node, $0.path) }
            for (number, item) in zip(numbers, values) { check(number, item.path) }
            if values.isEmpty { log.report(inner.path["values"], "must hold at least one value") }
            let weightsPath = inner.path["weights"]
            guard inner.node("weights") != nil else { return .manual(values: numbers, weights: nil) }
            let weights = inner.items("weights").compactMap { log.number($0.node, $0.path) }
            if weights.count != values.count {
                log.report(weightsPath, "must be as many as values: \(weights.count) for \(values.count)")
            }
            return .manual(values: numbers, weights: normalized(weights, at: weightsPath))
        default:
            log.reportWord(type, path["distribution_type"], among: ["uniform", "manual"])
            return nil
        }
    }

    func tool(_ node: SourceNode, at path: SourcePath) -> ToolConfig? {
        guard let fields = FieldReader(node, at: path, as: "a tool config", log) else { return nil }
        let timeout = fields.number("timeout_sec")
        if let timeout, timeout <= 0 { log.report(path["timeout_sec"], "must be above 0, not \(timeout)") }
        let tool = ToolConfig(
            alias: fields.requiredText("tool_alias"), providers: fields.requiredTexts("providers"),
            allowedTools: fields.texts("allow_tools"),
            maximumTurns: fields.integer("max_tool_call_turns", atLeast: 1, default: 5), timeoutSeconds: timeout)
        fields.finish()
        for (index, name) in (tool.allowedTools ?? []).enumerated()
        where (tool.allowedTools ?? [])[..<index].contains(name) {
            log.report(path["allow_tools"][index], "stands twice in the list: \(name)")
        }
        return tool
    }

    func profiler(_ node: SourceNode, at path: SourcePath) -> JudgeProfiler? {
        guard let fields = FieldReader(node, at: path, as: "a profiler", log) else { return nil }
        let alias = fields.requiredText("model_alias")
        let raw = fields.rawNode("summary_score_sample_size")
        let size = raw == nil ? 20 : fields.integer("summary_score_sample_size", atLeast: 1)
        fields.finish()
        return JudgeProfiler(modelAlias: alias, sampleSize: size)
    }
}

extension InferenceParameters {
    static let chatDefaults = InferenceParameters(
        kind: .chat(temperature: nil, topP: nil, maximumTokens: nil), maximumParallelRequests: 4,
        timeoutSeconds: nil, extraBody: nil)
}
