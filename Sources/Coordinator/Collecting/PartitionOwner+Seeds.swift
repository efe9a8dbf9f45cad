import Logging
import Postgres
import Scheduling
import Store

/// Seed rows, read beside the turns and a row group ahead of them.
extension PartitionOwner {
    private static let damagedSeed = "its seed data in the database is damaged or gone"

    /// What a row group takes from the seed data is read; the inbox will have it.
    func askForSeedRows(_ group: JobGroup) {
        guard collector.seedRows[group] == nil, let reader = seedReader(of: group.job),
            let records = collector.jobs[group.job]?.blueprint.plan.records(of: group.group),
            seedRowsAsked.insert(group).inserted
        else { return }
        Task { [inbox, logger] in
            let outcome: SeedRowsOutcome
            do throws(SeedReader.Failure) {
                outcome = .rows(try await reader.rows(of: records))
            } catch .damaged {
                outcome = .damaged
            } catch {
                logger.warning("seed data cannot be read now", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: .milliseconds(500))
                outcome = .later
            }
            inbox.put(.seedRows(group, outcome))
        }
    }

    func take(_ outcome: SeedRowsOutcome, of group: JobGroup) {
        guard seedRowsAsked.remove(group) != nil, collector.jobs[group.job] != nil else { return }
        switch outcome {
        case .rows(let rows): collector.take(seedRows: rows, of: group)
        case .later: break
        case .damaged: collector.giveUp(group.job, Self.damagedSeed)
        }
    }

    /// As `askForSeedRows`, but waits for them.
    func readSeedRows(_ group: JobGroup) async throws(PostgresError) {
        guard let reader = seedReader(of: group.job),
            let records = collector.jobs[group.job]?.blueprint.plan.records(of: group.group)
        else { return }
        do throws(SeedReader.Failure) {
            collector.take(seedRows: try await reader.rows(of: records), of: group)
        } catch .database(let error) {
            throw error
        } catch {
            collector.giveUp(group.job, Self.damagedSeed)
        }
    }

    func forgetSeedRows(of job: JobNumber) {
        seedReaders[job] = nil
        seedRowsAsked = seedRowsAsked.filter { $0.job != job }
    }

    private func seedReader(of job: JobNumber) -> SeedReader? {
        guard let seed = collector.jobs[job]?.blueprint.seed else { return nil }
        let reader =
            seedReaders[job]
            ?? SeedReader(store: SeedStore(pool: environment.pool), seed: seed.data, selection: seed.selection)
        seedReaders[job] = reader
        return reader
    }
}
