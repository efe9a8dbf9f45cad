import JSON

/// The models that a workflow may use by alias when it configures none: those of Data Designer 0.9.6.
enum BuiltInModels {
    static let all: [ModelConfig] = [
        chat(
            "nvidia-text", "nvidia/nemotron-3.5-lightning-30b-a3b", 1.0, 0.95,
            [
                "chat_template_kwargs": ["enable_thinking": false]
            ]),
        chat("nvidia-reasoning", "nvidia/nemotron-3-super-120b-a12b", 1.0, 0.95, ["reasoning_effort": "medium"]),
        chat("nvidia-vision", "nvidia/nemotron-3-nano-omni-30b-a3b-reasoning", 0.6, 0.95),
        embedding("nvidia-embedding", "nvidia/nemotron-3-embed-1b", ["input_type": "query"]),
        chat("openai-text", "gpt-4.1", 0.85, 0.95),
        chat("openai-reasoning", "gpt-5", nil, nil, ["reasoning_effort": "medium"]),
        chat("openai-vision", "gpt-5", nil, nil, ["reasoning_effort": "medium"]),
        embedding("openai-embedding", "text-embedding-3-large"),
        chat("openrouter-text", "nvidia/nemotron-3-nano-30b-a3b", 1.0, 1.0),
        chat("openrouter-reasoning", "openai/gpt-oss-20b", 0.35, 0.95),
        chat("openrouter-vision", "nvidia/nemotron-3-nano-omni-30b-a3b-reasoning:free", 0.6, 0.95),
        embedding("openrouter-embedding", "openai/text-embedding-3-large"),
    ]

    private static func chat(
        _ alias: String, _ model: String, _ temperature: Double?, _ topP: Double?, _ extraBody: JSONObject? = nil
    ) -> ModelConfig {
        let kind = InferenceParameters.Kind.chat(
            temperature: temperature.map { .fixed($0) }, topP: topP.map { .fixed($0) }, maximumTokens: nil)
        return config(alias, model, kind, extraBody)
    }

    private static func embedding(_ alias: String, _ model: String, _ extraBody: JSONObject? = nil) -> ModelConfig {
        config(alias, model, .embedding(encodingFormat: "float", dimensions: nil), extraBody)
    }

    private static func config(
        _ alias: String, _ model: String, _ kind: InferenceParameters.Kind, _ extraBody: JSONObject?
    ) -> ModelConfig {
        ModelConfig(
            alias: alias, model: model, provider: String(alias.prefix { $0 != "-" }),
            inference: InferenceParameters(
                kind: kind, maximumParallelRequests: 4, timeoutSeconds: nil, extraBody: extraBody),
            skipsHealthCheck: false)
    }
}
