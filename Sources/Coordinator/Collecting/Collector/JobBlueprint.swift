import Digest
import JSON
package import Messages
import Random
package import Records
package import Sampling
package import Scheduling
import Seeds
package import Store
package import Workflow

/// A job, worked out once: what each column needs, how it is made, and what workers are told of it.
///
/// A class, since it is handed around for each cell and never changes.
package final class JobBlueprint: Sendable {
    package struct ModelColumn: Sendable {
        package let route: Route
        /// Columns whose values travel with each cell, in the order of `ColumnSpec.inputs`.
        package let inputs: [Int]
        package let encodedSpec: [UInt8]
        let specHash: [UInt8]
        let alias: String
        /// Cells of one call at most.
        package let batchSize: Int
        /// The cap in its file.
        package let maximumParallel: Int
    }

    /// What a job uses a route for.
    struct RouteUse: Sendable, Equatable {
        let route: Route
        /// The lowest cap of its aliases there.
        var maximumParallel: Int
        /// Cells of one of its calls at most.
        var batchSize: Int
        /// Any of them was given for this job.
        var isExplicit: Bool
    }

    /// What its seed columns are read from.
    struct Seed: Sendable {
        let data: StoredSeed
        let selection: SeedSelection
        /// The places in the workflow of the data set's columns, in its order.
        let columns: [Int]
    }

    package enum Maker: Sendable {
        /// Drawn, or read from the seed data, when the row group is admitted.
        case given
        case computed(ComputedColumn)
        case model(ModelColumn)
    }

    package let job: Job
    package let workflow: Workflow
    package let makers: [Maker]
    /// Its routes, with the caps that held when it was read.
    let routes: [RouteUse]
    package let plan: JobPlan
    package let sampler: Sampler
    let seed: Seed?
    package let skips: SkipRules

    /// - Throws: `BlueprintError` when the stored workflow cannot be run by this version.
    convenience init(job: Job) throws {
        let loaded = Workflow.load(
            text: job.workflow, name: "workflow of job \(job.id.short)", format: .json,
            seedColumns: job.seedData?.columns)
        guard let workflow = loaded.workflow else {
            throw BlueprintError(reason: loaded.problems.first?.message ?? "the workflow cannot be read")
        }
        guard job.generatorVersion == RandomSource.generatorVersion else {
            throw BlueprintError(reason: "it was drawn by generator \(job.generatorVersion)")
        }
        try self.init(job: job, workflow: workflow, seed: try Self.seed(of: job, workflow))
    }

    /// Of a job whose seed records are read elsewhere.
    ///
    /// - Throws: `BlueprintError`, `SamplingError`.
    package convenience init(unstored job: Job, workflow: Workflow) throws {
        try self.init(job: job, workflow: workflow, seed: nil)
    }

    private init(job: Job, workflow: Workflow, seed: Seed?) throws {
        self.job = job
        self.workflow = workflow
        sampler = try Sampler(workflow: workflow, seed: job.seed)
        self.seed = seed
        let skips = SkipRules(workflow: workflow, seed: job.seed)
        self.skips = skips
        let settings = RunSettings(stored: job.runConfig)
        let makers = try workflow.columns.map {
            try Self.maker(of: $0, in: workflow, seed: job.seed, settings)
        }
        self.makers = makers
        routes = Self.routes(of: makers, caps: job.maximumParallel)
        plan = JobPlan(
            job: job.number, records: job.requested, groupSize: job.groupSize, roles: makers.map(Self.role),
            dependencies: makers.indices.map(workflow.graph.prerequisites), isJudged: makers.indices.map(skips.judges),
            maximumAttempts: job.salvageMaximumRounds + 1, keepsFailed: job.keepsFailed, formerEnds: job.formerEnds)
    }

    /// Its routes under other caps of its own: a JSON object, by alias.
    func routes(caps: String) -> [RouteUse] { Self.routes(of: makers, caps: caps) }

    /// The routes of its model columns, each once.
    private static func routes(of makers: [Maker], caps: String) -> [RouteUse] {
        let caps = (try? JSONValue(parsing: caps))?.objectValue ?? [:]
        var routes: [RouteUse] = []
        for case .model(let column) in makers {
            let own = caps[column.alias]?.intValue.flatMap { $0 > 0 ? $0 : nil }
            let cap = own ?? column.maximumParallel
            if let place = routes.firstIndex(where: { $0.route == column.route }) {
                routes[place].maximumParallel = min(routes[place].maximumParallel, cap)
                routes[place].batchSize = max(routes[place].batchSize, column.batchSize)
                routes[place].isExplicit = routes[place].isExplicit || own != nil
            } else {
                routes.append(
                    RouteUse(
                        route: column.route, maximumParallel: cap, batchSize: column.batchSize, isExplicit: own != nil))
            }
        }
        return routes
    }

    /// Values of a record: those of its columns, then those of their side effects.
    package var valueCount: Int { makers.count + workflow.sideEffects.count }

    /// The encoded specs of its model columns by their hashes.
    var specs: [(hash: [UInt8], body: [UInt8])] {
        makers.compactMap { maker in
            if case .model(let column) = maker { (column.specHash, column.encodedSpec) } else { nil }
        }
    }

    private static func seed(of job: Job, _ workflow: Workflow) throws -> Seed? {
        guard let config = workflow.seed else { return nil }
        guard let data = job.seedData else { throw BlueprintError(reason: "its seed data was not stored with it") }
        return Seed(
            data: data, selection: try SeedSelection(config, rows: data.rows, seed: job.seed),
            columns: try indices(data.columns, in: workflow))
    }

    private static func role(_ maker: Maker) -> ColumnRole {
        switch maker {
        case .given: .given
        case .computed: .computed
        case .model(let column): .model(route: column.route.key)
        }
    }

    private static func maker(
        of column: Column, in workflow: Workflow, seed: UInt64, _ settings: RunSettings
    ) throws -> Maker {
        switch column.kind {
        case .sampler, .seed: return .given
        case .expression(let expression):
            return .computed(ComputedColumn(column, expression, in: workflow, seed: seed))
        case .generated(let generated):
            let names = column.references.filter { $0 != column.name }
            return .model(
                try modelColumn(
                    column, .text(WireTextSpec(generated, settings)), names,
                    model(generated.modelAlias, of: column, in: workflow),
                    in: workflow, seed: seed))
        case .embedding(let embedding):
            return .model(
                try modelColumn(
                    column, .embedding(WireEmbeddingSpec()), [embedding.target],
                    model(embedding.modelAlias, of: column, in: workflow), in: workflow, seed: seed))
        case .validation(let validation):
            return .model(try batchedColumn(column, validation, in: workflow))
        case .http(let http):
            return .model(try batchedColumn(column, http, in: workflow))
        case .image(let image):
            return .model(
                try modelColumn(
                    column, .image(WireImageSpec(image)), column.references.filter { $0 != column.name },
                    model(image.modelAlias, of: column, in: workflow), in: workflow, seed: seed))
        default: throw BlueprintError(reason: "column \(column.name) is of type \(column.typeName)")
        }
    }

    private static func model(_ alias: String, of column: Column, in workflow: Workflow) throws -> ModelConfig {
        guard let model = workflow.model(alias) else {
            throw BlueprintError(reason: "column \(column.name) uses the model \(alias), which is not there")
        }
        return model
    }

    /// - Parameter names: the values that travel with each cell.
    private static func modelColumn(
        _ column: Column, _ kind: WireColumnSpec.OneOf_Kind, _ names: [String], _ model: ModelConfig,
        in workflow: Workflow, seed: UInt64
    ) throws -> ModelColumn {
        var spec = WireColumnSpec()
        spec.version = WireColumnSpec.currentVersion
        spec.name = column.name
        spec.inputs = names
        spec.model = WireModelSpec(model)
        spec.seed = seed
        spec.kind = kind
        let encoded = spec.encoded()
        return ModelColumn(
            route: Route(model), inputs: try indices(names, in: workflow), encodedSpec: encoded,
            specHash: SHA256(of: encoded).bytes, alias: model.alias, batchSize: 1,
            maximumParallel: model.inference.maximumParallelRequests)
    }

    static func indices(_ names: [String], in workflow: Workflow) throws -> [Int] {
        try names.map { name in
            guard let index = workflow.valueIndex(name) else {
                throw BlueprintError(reason: "there is no column \(name)")
            }
            return index
        }
    }
}

/// A stored job that this version cannot run; the job fails with this reason.
package struct BlueprintError: Error, Sendable, CustomStringConvertible {
    package let reason: String
    package var description: String { reason }
}
