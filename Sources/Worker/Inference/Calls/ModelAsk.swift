/// What one call asks of a model.
package enum ModelAsk: Hashable, Sendable {
    case chat([ChatMessage], DrawnParameters)
    /// A vector for each text.
    case embeddings([String])
    case image(ImageAsk)

    /// Everything in it that a failure's message must not repeat.
    var texts: [String] {
        switch self {
        case .chat(let messages, _): messages.map(\.text)
        case .embeddings(let inputs): inputs
        case .image(.prompt(let prompt)): [prompt]
        case .image(.chat(let messages)): messages.map(\.text)
        }
    }

    /// Why this cannot be asked of an endpoint; nil when it can.
    package func refusal(by dialect: Endpoint.Dialect) -> CallFailure? {
        if dialect == .http {
            return CallFailure(
                kind: .notFound,
                message:
                    "a provider of type http has no models: it takes the rows of http columns and remote validators")
        }
        guard dialect == .anthropic else { return nil }
        switch self {
        case .embeddings:
            return CallFailure(kind: .badRequest, message: "a provider of type anthropic has no embeddings")
        case .image:
            return CallFailure(kind: .badRequest, message: "a provider of type anthropic makes no images")
        case .chat(let messages, _):
            for case .media(let media) in messages.flatMap(\.blocks) where media.modality != .image {
                return CallFailure(
                    kind: .badRequest, message: "a provider of type anthropic takes no \(media.modality.rawValue)")
            }
            return nil
        }
    }
}
