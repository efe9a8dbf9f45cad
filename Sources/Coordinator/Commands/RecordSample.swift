import JSON
import Records
import Sampling
import Seeds
import Workflow

/// The first records of a job, with all of their cells that need no model: what `preview` shows and `plan` reckons
/// with.
struct RecordSample {
    let workflow: Workflow
    /// By record.
    let results: [RecordComputation.Result]

    /// - Parameter answers: what is taken for a model's answer, by column; without it what needs one stays open.
    init(
        _ file: WorkflowFile, records: Int64, seed: UInt64, answers: [Int: JSONValue] = [:]
    ) throws {
        let workflow = file.workflow
        self.workflow = workflow
        do {
            var given = [[JSONValue?]](
                repeating: (0..<(workflow.columns.count + workflow.sideEffects.count)).map { answers[$0] },
                count: Int(records))
            let drawn = try Sampler(workflow: workflow, seed: seed).draw(records: 0..<records)
            for (column, values) in zip(drawn.columns, drawn.values) {
                for (record, value) in values.enumerated() { given[record][column] = value }
            }
            if let source = file.seed, let config = workflow.seed {
                let places = source.columns.map { workflow.columnIndex($0) }
                let rows = try Self.rows(of: records, source, config, seed)
                for (record, row) in rows.enumerated() {
                    for (place, value) in zip(places, row) { if let place { given[record][place] = value } }
                }
            }
            let computation = RecordComputation(workflow: workflow, seed: seed)
            results = given.enumerated().map { record, given in
                guard let failure = drawn.failures[Int64(record)] else {
                    return computation.result(of: Int64(record), given: given)
                }
                var result = RecordComputation.Result(values: given)
                result.drop = (workflow.columnIndex(failure.column) ?? 0, failure.detail)
                return result
            }
        } catch let error as SamplingError {
            throw CommandFailure(.invalidWorkflow, "the samplers: \(error)")
        } catch let error as SeedError {
            throw CommandFailure(.invalidWorkflow, "the seed data: \(error.description)", next: error.next)
        }
    }

    /// The seed rows of the first records: the file is read once, and only these are kept.
    static func rows(
        of records: Int64, _ source: SeedSource, _ config: SeedConfig, _ seed: UInt64
    ) throws(SeedError) -> [[JSONValue]] {
        let wanted = try SeedSelection(config, rows: source.rows, seed: seed).rows(of: 0..<records)
        var missing = Set(wanted)
        var found: [Int64: [JSONValue]] = [:]
        var number: Int64 = 0
        try source.forEachRow { row throws(SeedError) in
            if missing.remove(number) != nil { found[number] = row }
            number += 1
        }
        return wanted.map { found[$0] ?? [] }
    }
}
