import JSON
import Logging
import Postgres
import Scheduling
import Store

/// Seed rows of row groups that are to be admitted next.
struct SeedShelf: Sendable {
    /// What became of reading them.
    enum Outcome: Sendable {
        case rows([[JSONValue]])
        /// The database is away: to be asked again.
        case later
        case damaged
    }

    var readers: [JobNumber: SeedReader] = [:]
    var rows: [JobGroup: [[JSONValue]]] = [:]
    var asked: Set<JobGroup> = []

    mutating func forget(_ job: JobNumber) {
        readers[job] = nil
        rows = rows.filter { $0.key.job != job }
        asked = asked.filter { $0.job != job }
    }
}

extension PartitionOwner {
    /// Whether what a row group takes from the seed data is here; if not it is asked for, and the inbox will have it.
    func hasSeedRows(_ group: Int, of job: OwnedJob) -> Bool {
        guard job.blueprint.seed != nil else { return true }
        if shelf.rows[JobGroup(job: job.number, group: group)] != nil { return true }
        askForSeedRows(group, of: job)
        return false
    }

    func askForSeedRows(_ group: Int, of job: OwnedJob) {
        let key = JobGroup(job: job.number, group: group)
        guard group < job.blueprint.plan.groupCount, shelf.rows[key] == nil, let reader = seedReader(of: job),
            shelf.asked.insert(key).inserted
        else { return }
        let records = job.blueprint.plan.records(of: group)
        Task { [inbox, logger] in
            let outcome: SeedShelf.Outcome
            do throws(SeedReader.Failure) {
                outcome = .rows(try await reader.rows(of: records))
            } catch .damaged {
                outcome = .damaged
            } catch {
                logger.warning("seed data cannot be read now", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: .milliseconds(500))
                outcome = .later
            }
            inbox.put(.seedRows(key, outcome))
        }
    }

    func take(_ outcome: SeedShelf.Outcome, of key: JobGroup) {
        guard shelf.asked.remove(key) != nil, jobs[key.job] != nil else { return }
        switch outcome {
        case .rows(let rows): shelf.rows[key] = rows
        case .later: break
        case .damaged: doomed[key.job] = "its seed data in the database is damaged or gone"
        }
    }

    func seedReader(of job: OwnedJob) -> SeedReader? {
        guard let seed = job.blueprint.seed else { return nil }
        let reader =
            shelf.readers[job.number]
            ?? SeedReader(store: SeedStore(pool: environment.pool), seed: seed.data, selection: seed.selection)
        shelf.readers[job.number] = reader
        return reader
    }

    /// As `hasSeedRows`, but waits for them.
    func readSeedRows(_ group: Int, of job: OwnedJob) async throws(PostgresError) {
        guard let reader = seedReader(of: job) else { return }
        do throws(SeedReader.Failure) {
            shelf.rows[JobGroup(job: job.number, group: group)] = try await reader.rows(
                of: job.blueprint.plan.records(of: group))
        } catch .database(let error) {
            throw error
        } catch {
            doomed[job.number] = "its seed data in the database is damaged or gone"
        }
    }
}
