package import Messages
package import Workflow

extension Route {
    /// Where the calls of a model queue up, by what it generates.
    package init(_ model: ModelConfig) {
        let domain: Domain =
            switch model.inference.kind {
            case .chat: .chat
            case .embedding: .embedding
            case .image: .image
            }
        self.init(provider: model.provider, model: model.model, domain: domain)
    }
}
