import JSON
import Scheduling
import Testing
import Workflow

@testable import Collecting
@testable import Store

struct CollectorSimulationTests {
    /// Drives a job to its end and checks what must hold at every moment, and then.
    private func end(_ start: CollectorSimulation, seed: UInt64) throws -> SimulatedDatabase {
        var simulation = start
        var steps = 0
        while !simulation.isOver || simulation.retryAfterEnd() {
            simulation.step()
            simulation.database.checkCounts()
            steps += 1
            guard steps < 60_000 else {
                Issue.record("seed \(seed): the job does not end")
                break
            }
        }
        let database = simulation.database
        let decided = database.complete.count + database.dropped.count + database.cancelled.count
        if database.job.state == .completed {
            #expect(decided == Int(database.job.requested), "seed \(seed): a record was lost")
            #expect(database.cancelled.isEmpty, "seed \(seed)")
        }
        let makers = try JobBlueprint(job: database.job).makers
        for (cell, charged) in database.attempts where database.dropped[cell.record] != "poison" {
            // What is computed fails once, however often it is computed again.
            var allowed = 1 + simulation.retries
            if case .model = makers[cell.column] { allowed = simulation.realFailures[cell] ?? 0 }
            #expect(charged <= allowed, "seed \(seed): charged more often than it failed")
        }
        try checkValues(of: database, seed: seed)
        return database
    }

    /// Each value of a complete record is what its own inputs make.
    private func checkValues(of database: SimulatedDatabase, seed: UInt64) throws {
        let blueprint = try JobBlueprint(job: database.job)
        let names = blueprint.workflow.columns.map(\.name)
        for (record, fields) in database.complete {
            let drawn = try JSONValue(parsing: fields)
            func value(_ column: Int) -> JSONValue? {
                guard case .model = blueprint.makers[column] else { return drawn[names[column]] }
                let stored = database.values[Cell(job: database.job.number, record: record, column: column)]
                return stored.map { $0.isJSON ? .null : .string($0.text) }
            }
            for (column, maker) in blueprint.makers.enumerated() {
                guard case .model(let model) = maker else { continue }
                if names[column] == "aside", drawn["topic"]?.stringValue == "kitchen" {
                    #expect(value(column) == nil, "seed \(seed): a cell that was left out was called")
                    #expect(drawn["aside"] == .some(.null), "seed \(seed): it has no value of its own")
                    continue
                }
                let inputs = model.inputs.map { value($0) ?? .string("(none)") }
                let expected = CollectorSimulation.value(of: column, inputs: inputs)
                #expect(
                    value(column) == .string(expected) || (database.job.keepsFailed && value(column) == .null),
                    "seed \(seed): \(names[column]) of record \(record) is another's")
            }
        }
    }

    private static let calm = CollectorSimulation.Faults()

    @Test func `a calm run completes every record`() throws {
        let database = try end(CollectorSimulation(seed: 1, faults: Self.calm), seed: 1)
        #expect(database.complete.count == 23)
        #expect(database.usage.values.allSatisfy { $0.wasted == 0 && $0.returned == 0 })
        #expect(database.usage[2]?.stored == 23 && database.usage[2]?.calls == 23)
    }

    @Test(arguments: 1...60)
    func `whatever happens, every record ends once, and values stand at their inputs`(seed: UInt64) throws {
        var faults = CollectorSimulation.Faults()
        faults.accidents = true
        faults.pauses = true
        faults.failureRate = seed % 3 == 0 ? 0.15 : 0
        faults.deathRate = seed % 5 == 0 ? 0.05 : 0
        let database = try end(
            CollectorSimulation(seed: seed, cellsInTask: seed % 2 == 0 ? 4 : 1, faults: faults), seed: seed)
        if faults.failureRate == 0, faults.deathRate == 0 {
            // Accidents cost calls, never a record; and a run with them writes the same records.
            let calm = try end(CollectorSimulation(seed: 1, faults: Self.calm), seed: 1)
            #expect(database.complete == calm.complete)
            #expect(database.values.mapValues(\.text) == calm.values.mapValues(\.text))
        }
    }

    @Test(arguments: 1...20)
    func `a record whose cells fail is kept with nulls where that is wished`(seed: UInt64) throws {
        let faults = CollectorSimulation.Faults(accidents: true, failureRate: 0.3)
        let database = try end(CollectorSimulation(seed: seed, keepsFailed: true, faults: faults), seed: seed)
        #expect(database.dropped.isEmpty)
        #expect(database.complete.count == 23)
    }

    @Test(arguments: 1...40)
    func `records that are tried again are decided again, and nothing else`(seed: UInt64) throws {
        let faults = CollectorSimulation.Faults(
            accidents: seed % 2 == 0, failureRate: 0.3, pauses: seed % 4 != 2, cancels: seed % 2 == 1, retries: 4)
        let database = try end(CollectorSimulation(seed: seed, faults: faults), seed: seed)
        for group in database.groups.values { #expect(group.isFinished, "seed \(seed)") }
    }

    @Test(arguments: 1...30)
    func `a job that is cancelled keeps what is complete and decides the rest`(seed: UInt64) throws {
        let faults = CollectorSimulation.Faults(
            accidents: seed % 2 == 0, failureRate: 0.1, pauses: true, cancels: true)
        let database = try end(CollectorSimulation(seed: seed, faults: faults), seed: seed)
        for group in database.groups.values { #expect(group.isFinished, "seed \(seed)") }
        #expect(database.complete.keys.allSatisfy { database.dropped[$0] == nil && !database.cancelled.contains($0) })
    }
}
