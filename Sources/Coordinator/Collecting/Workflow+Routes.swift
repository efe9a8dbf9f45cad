package import Messages
package import Workflow

extension Workflow {
    /// Where a column's cells are made; nil for those that the coordinator makes.
    package func route(of column: Column) -> Route? {
        switch column.kind {
        case .generated, .embedding, .image: column.modelAlias.flatMap { model($0) }.map { Route($0) }
        case .validation(let validation):
            switch validation.validator {
            case .code(let language): CodeTool(language: language)?.route
            case .remote(let remote): Route(provider: Route.remoteProvider, model: remote.endpointURL)
            case .localCallable: nil
            }
        case .http(let http): Route(provider: http.provider, model: Route.httpModel)
        case .sampler, .seed, .expression, .custom: nil
        }
    }
}
