package import JSON

/// A model under the alias by which columns name it.
package struct ModelConfig: Sendable, Hashable {
    package let alias: String
    package let model: String
    package let provider: String
    package let inference: InferenceParameters
    package let skipsHealthCheck: Bool
}

/// How a model is called.
package struct InferenceParameters: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case chat(temperature: SampledNumber?, topP: SampledNumber?, maximumTokens: Int?)
        /// `encodingFormat` is `float` or `base64`.
        case embedding(encodingFormat: String, dimensions: Int?)
        case image

        /// The file's `generation_type`.
        package var typeName: String {
            switch self {
            case .chat: "chat-completion"
            case .embedding: "embedding"
            case .image: "image"
            }
        }
    }

    package let kind: Kind
    /// At least 1; 4 where the file says nothing.
    package let maximumParallelRequests: Int
    package let timeoutSeconds: Int?
    /// Where the file says nothing.
    package static let defaultTimeoutSeconds = 60
    /// Members for the top level of the request's body; they win over named parameters.
    package let extraBody: JSONObject?
}

/// An inference parameter that is a number, or is drawn anew for each request.
package enum SampledNumber: Sendable, Hashable {
    case fixed(Double)
    /// At least `low`, below `high`.
    case uniform(low: Double, high: Double)
    /// One of `values`, by weights that sum to 1; nil: all alike.
    case manual(values: [Double], weights: [Double]?)
}

/// The tools that columns may offer a model under an alias.
package struct ToolConfig: Sendable, Hashable {
    package let alias: String
    package let providers: [String]
    /// Nil: all tools of the providers.
    package let allowedTools: [String]?
    package let maximumTurns: Int
    package let timeoutSeconds: Double?
}

/// Asks a model for summaries of a judge's scores after the run.
package struct JudgeProfiler: Sendable, Hashable {
    package let modelAlias: String
    /// Nil: no summaries.
    package let sampleSize: Int?
}
