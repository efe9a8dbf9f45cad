import Digest
import Messages
import Workflow

/// Columns that a tool or an endpoint makes, several cells at a time.
extension JobBlueprint {
    /// A larger batch would hold too much of a job in one call.
    private static let mostCellsInBatch = 1000
    /// Each worker has its own limit for its tools.
    private static let unlimited = 1_000_000

    static func batchedColumn(
        _ column: Column, _ validation: ValidationColumn, in workflow: Workflow
    ) throws -> ModelColumn {
        let names = validation.targets.uniqued()
        switch validation.validator {
        case .code(let language):
            guard let tool = CodeTool(language: language) else {
                throw BlueprintError(reason: "nothing checks \(language), the language of column \(column.name)")
            }
            var lint = WireLintSpec()
            lint.codeLanguage = language
            return try batchedColumn(
                column, .lint(lint), names, tool.route, size: validation.batchSize, most: unlimited, in: workflow)
        case .remote(let remote):
            let route = Route(provider: Route.remoteProvider, model: remote.endpointURL)
            return try batchedColumn(
                column, .rows(WireRowsSpec(remote)), names, route, size: validation.batchSize,
                most: remote.maximumParallelRequests, in: workflow)
        case .localCallable:
            throw BlueprintError(
                reason: "column \(column.name) is checked by a Python function, which is not in the file")
        }
    }

    static func batchedColumn(
        _ column: Column, _ http: HTTPColumn, in workflow: Workflow
    ) throws -> ModelColumn {
        try batchedColumn(
            column, .rows(WireRowsSpec(http, named: column.name)), http.required.uniqued(),
            Route(provider: http.provider, model: Route.httpModel), size: http.batchSize,
            most: http.maximumParallelRequests, in: workflow)
    }

    private static func batchedColumn(
        _ column: Column, _ kind: WireColumnSpec.OneOf_Kind, _ names: [String], _ route: Route, size: Int, most: Int,
        in workflow: Workflow
    ) throws -> ModelColumn {
        let batchSize = min(size, mostCellsInBatch)
        var spec = WireColumnSpec()
        spec.version = WireColumnSpec.currentVersion
        spec.name = column.name
        spec.inputs = names
        spec.model.provider = route.provider
        spec.model.model = route.model
        spec.kind = kind
        spec.batchSize = UInt32(batchSize)
        let encoded = spec.encoded()
        return ModelColumn(
            route: route, inputs: try indices(names, in: workflow), encodedSpec: encoded,
            specHash: SHA256(of: encoded).bytes, alias: "", batchSize: batchSize, maximumParallel: most)
    }
}
