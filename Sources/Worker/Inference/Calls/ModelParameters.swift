package import JSON

/// A model and how it is to answer, as the workflow says it.
package struct ModelParameters: Hashable, Sendable {
    package var model: String
    /// Nil: not sent, so that the endpoint decides; likewise the next two.
    package var temperature: Double?
    package var topP: Double?
    package var maxTokens: Int?
    /// Of embeddings: `float` or `base64`.
    package var encodingFormat: String?
    package var dimensions: Int?
    /// Of one call.
    package var timeout: Duration
    /// The model's members for the top level of the body; they win over those above.
    package var extraBody: JSONObject

    package init(
        model: String, temperature: Double? = nil, topP: Double? = nil, maxTokens: Int? = nil,
        encodingFormat: String? = nil, dimensions: Int? = nil, timeout: Duration = .seconds(60),
        extraBody: JSONObject = [:]
    ) {
        self.model = model
        self.temperature = temperature
        self.topP = topP
        self.maxTokens = maxTokens
        self.encodingFormat = encodingFormat
        self.dimensions = dimensions
        self.timeout = timeout
        self.extraBody = extraBody
    }
}
