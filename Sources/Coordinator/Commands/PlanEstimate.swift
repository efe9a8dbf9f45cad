import Collecting
import JSON
import Messages
import Records
import Workflow

/// What a job would come to, reckoned from its first records.
struct PlanEstimate {
    struct ColumnPlan {
        let name: String
        let type: String
        /// Provider and model; nil where workers do not make it.
        let route: String?
        /// A tool or an endpoint makes it, not a model: its calls are not reckoned in time.
        var isBatched = false
        var calls: Int64 = 0
        var inputTokens: Int64 = 0
        var outputTokens: Int64 = 0
    }

    struct RoutePlan {
        let name: String
        let alias: String
        /// Calls at a time in the cluster.
        let cap: Int
        var calls: Int64 = 0
        var outputTokens: Int64 = 0
        var seconds: Double = 0
    }

    let records: Int64
    let rate: Double?
    private(set) var columns: [ColumnPlan] = []
    private(set) var routes: [RoutePlan] = []
    private(set) var databaseBytes: Int64 = 0
    private(set) var exportBytes: Int64 = 0
    /// Records in a hundred that expressions or conditions give up.
    private(set) var droppedPercent: Double = 0

    /// How many records are looked at.
    private static let looks: Int64 = 50

    init(_ file: WorkflowFile, records: Int64, rate: Double?, seed: UInt64) throws {
        self.records = records
        self.rate = rate
        let workflow = file.workflow
        var answers: [Int: JSONValue] = [:]
        for (place, column) in workflow.columns.enumerated() {
            if column.modelAlias != nil { answers[place] = PlanAssumptions.answer(column, in: workflow) }
            if case .validation = column.kind { answers[place] = ["is_valid": true] }
            if case .http = column.kind { answers[place] = .string("from the endpoint") }
        }
        let sample = try RecordSample(
            file, records: min(records, Self.looks), seed: seed, answers: answers)
        let looked = Double(sample.results.count)
        let whole = sample.results.filter { $0.drop == nil }
        droppedPercent = 100 * (looked - Double(whole.count)) / looked
        for place in workflow.graph.order {
            columns.append(estimate(place, sample, looked, in: workflow))
        }
        reckonRoutes(workflow)
        reckonBytes(workflow, whole, looked)
    }

    private func estimate(_ place: Int, _ sample: RecordSample, _ looked: Double, in workflow: Workflow) -> ColumnPlan {
        let column = workflow.columns[place]
        let model = column.modelAlias.flatMap { workflow.model($0) }
        var estimate = ColumnPlan(
            name: column.name, type: column.typeName,
            route: workflow.route(of: column).map { "\($0.provider)/\($0.model)" })
        guard estimate.route != nil else { return estimate }
        let called = sample.results.filter { result in
            !result.leftOut.contains(place)
                && workflow.graph.prerequisites(of: place).allSatisfy { result.values[$0] != nil }
        }
        let share = Double(records) / looked
        estimate.calls = Int64((Double(called.count) * share).rounded())
        guard model != nil else {
            let size = Int64(PlanAssumptions.batchSize(column))
            estimate.isBatched = true
            estimate.calls = (estimate.calls + size - 1) / size
            return estimate
        }
        estimate.outputTokens = estimate.calls * Int64(PlanAssumptions.outputTokens(column, in: workflow))
        let prompts = PlanAssumptions.prompts(of: column).map {
            CellTemplate($0, column: column.name, in: workflow, seed: 0)
        }
        var bytes = 0
        for result in called {
            for prompt in prompts {
                bytes += (try? prompt.text(of: 0) { result.values[$0] })?.utf8.count ?? 0
            }
        }
        estimate.inputTokens = Int64(
            Double(bytes + called.count * PlanAssumptions.instructionBytes(column)) / PlanAssumptions.bytesPerToken
                * share)
        return estimate
    }

    private mutating func reckonRoutes(_ workflow: Workflow) {
        for column in columns {
            guard let route = column.route, !column.isBatched else { continue }
            if !routes.contains(where: { $0.name == route }) {
                let users = workflow.models.filter { model in
                    "\(model.provider)/\(model.model)" == route
                        && workflow.columns.contains { $0.modelAlias == model.alias }
                }
                let narrowest = users.min {
                    $0.inference.maximumParallelRequests < $1.inference.maximumParallelRequests
                }
                routes.append(
                    RoutePlan(
                        name: route, alias: narrowest?.alias ?? "",
                        cap: narrowest?.inference.maximumParallelRequests ?? 1))
            }
            guard let place = routes.firstIndex(where: { $0.name == route }) else { continue }
            routes[place].calls += column.calls
            routes[place].outputTokens += column.outputTokens
        }
        for place in routes.indices {
            let route = routes[place]
            routes[place].seconds =
                rate.map { Double(route.calls) / $0 }
                ?? (Double(route.calls) * PlanAssumptions.startSeconds + Double(route.outputTokens)
                    / PlanAssumptions.tokensPerSecond)
                / Double(route.cap)
        }
    }

    private mutating func reckonBytes(_ workflow: Workflow, _ whole: [RecordComputation.Result], _ looked: Double) {
        let output = OutputColumns(workflow: workflow)
        let share = Double(records) / looked
        var database = 0.0
        var export = 0.0
        for result in whole {
            database += PlanAssumptions.recordBytes
            export += 3
            for (place, column) in workflow.columns.enumerated() {
                let bytes = Double(result.values[place]?.serializedBytes().count ?? 4)
                let isStoredAlone = column.isMadeByWorkers && !result.leftOut.contains(place)
                database += bytes + (isStoredAlone ? PlanAssumptions.cellBytes : Double(column.name.utf8.count) + 4)
                if output.kept.contains(place) { export += bytes + Double(column.name.utf8.count) + 4 }
            }
        }
        databaseBytes = Int64(database * share)
        exportBytes = Int64(export * share)
    }
}
