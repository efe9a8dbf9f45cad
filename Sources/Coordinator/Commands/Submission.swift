import Collecting
import Foundation
import JSON
import Messages
import Postgres
import Random
import Sampling
import Seeds
import Store
import Workflow

/// Stores a job for a workflow.
struct Submission {
    let file: WorkflowFile
    let records: Int64
    /// Nil: the file's name, made unique.
    var name: String?
    /// Nil: drawn here, once.
    var seed: UInt64?
    var priority = 4
    /// By alias, the caps given for this job.
    var maximumParallel: JSONObject = [:]
    var keepsFailed = false
    var deadline: Duration?
    var maximumTokens: Int64?
    var idempotencyKey: String?
    var resume = ResumeMode.never
    var runSettings = RunSettings()

    /// - Parameter seedData: what `freeze` gave.
    func submit(to database: ClientDatabase, seedData: StoredSeed?) async throws -> Job {
        if let known = try await earlier(in: database) { return known }
        var job = newJob()
        job.seedData = seedData?.hash
        job.groupSize = groupSize(seedData)
        job.files = try await upload(to: database)
        do throws(PostgresError) {
            return try await store(job, in: database)
        } catch {
            if error.sqlState == .foreignKeyViolation {
                // Another job's deletion took away what this one was about to share with it.
                job.seedData = try await freeze(in: database)?.hash
                job.files = try await upload(to: database)
                return try await stored(job, in: database)
            }
            guard error.sqlState == .uniqueViolation else {
                throw CommandFailure(.unreachable, "the job cannot be stored: \(error)")
            }
            // Two at once with one key: the other was faster.
            if idempotencyKey != nil, let known = try await earlier(in: database) { return known }
            if let name, resume != .ifPossible {
                throw CommandFailure(
                    .conflict, "there is a job named \(name) already", next: "Choose another --name.")
            }
            let behind = "-\(job.id.rawValue.suffix(6).lowercased())"
            job.name = "\((name ?? file.stem).prefix(JobName.longest - behind.count))\(behind)"
            let new = try await stored(job, in: database)
            if let name { try await tellApart(new, from: name, in: database) }
            return new
        }
    }

    /// Who asked to go on with a job should know that another was begun, and why.
    private func tellApart(_ new: Job, from name: String, in database: ClientDatabase) async throws {
        let former = try await database.jobs.find(name).first { $0.name == name }
        let differences = former.map(differences) ?? []
        Talk.line(
            "job \(name) is not resumed"
                + (differences.isEmpty
                    ? "" : ": this submission has another \(differences.joined(separator: ", another "))")
                + "; the new job is called \(new.name)")
    }

    private func stored(_ job: NewJob, in database: ClientDatabase) async throws -> Job {
        do throws(PostgresError) {
            return try await store(job, in: database)
        } catch {
            throw CommandFailure(.unreachable, "the job cannot be stored: \(error)")
        }
    }

    /// Stores the image files that the workflow's cells will name.
    private func upload(to database: ClientDatabase) async throws -> [StoredFile] {
        let names: [String]
        do throws(SeedError) {
            names = try MediaFiles(file.workflow, seed: file.seed).names
        } catch {
            throw CommandFailure(.invalidWorkflow, "the seed data: \(error.description)", next: error.next)
        }
        return try await FileUploading(names: names, store: FileStore(pool: database.pool)).run()
    }

    /// Stores the workflow's seed data as it is now. The same data again is there already.
    func freeze(in database: ClientDatabase) async throws -> StoredSeed? {
        guard let source = file.seed else { return nil }
        return try await SeedFreezing(source: source, store: SeedStore(pool: database.pool)).run()
    }

    /// Fewer records in a row group where they are large, since a group is in memory as a whole.
    private func groupSize(_ seedData: StoredSeed?) -> Int {
        let most = runSettings.bufferSize ?? 1000
        guard let seedData else { return most }
        return max(1, min(most, Int(Self.groupBytes / max(1, seedData.meanRowBytes))))
    }

    private static let groupBytes: Int64 = 32 << 20

    /// The job that this submission means, if there is one: of the same idempotency key, or to be resumed.
    private func earlier(in database: ClientDatabase) async throws -> Job? {
        if let key = idempotencyKey, let known = try await database.jobs.job(idempotencyKey: key) {
            let differences = differences(from: known) + (known.requested == records ? [] : ["-n"])
            guard differences.isEmpty else {
                throw CommandFailure(
                    .conflict, "the idempotency key \(key) was used for job \(known.id.short), which differs",
                    details: differences.map { "other \($0)" })
            }
            return known
        }
        guard resume != .never, let name,
            let known = try await database.jobs.find(name).first(where: { $0.name == name })
        else { return nil }
        let differences = differences(from: known)
        guard differences.isEmpty else {
            if resume == .ifPossible { return nil }
            throw CommandFailure(
                .conflict, "job \(name) cannot go on with this submission", details: differences.map { "other \($0)" },
                next: "Choose another --name, or --resume if_possible.")
        }
        if records < known.requested {
            throw CommandFailure(.conflict, "job \(name) has \(known.requested) records; -n can only grow")
        }
        var wishes: [Wish] = []
        if records > known.requested {
            wishes.append(Wish(kind: "extend", arguments: ["records": .integer(records)]))
        }
        var bounds = JSONObject()
        if let deadline { bounds["deadline_seconds"] = .number(deadline / .seconds(1)) }
        if let maximumTokens { bounds["max_tokens"] = .integer(maximumTokens) }
        if known.state == .paused {
            wishes.append(Wish(kind: "resume", arguments: .object(bounds)))
        } else if deadline != nil || maximumTokens != nil, !known.state.isEnded || records > known.requested {
            wishes.append(Wish(kind: "set", arguments: .object(bounds)))
        }
        for wish in wishes {
            Talk.line(
                "job \(known.id.short): \(try await wish.carryOut(on: known, in: database, timeout: .seconds(30)))")
        }
        return known
    }

    /// What makes the records of this submission others than the job's.
    private func differences(from job: Job) -> [String] {
        var list: [String] = []
        if job.fingerprint != file.workflow.fingerprint { list.append("workflow") }
        if let seed, seed != job.seed { list.append("--seed") }
        return list
    }

    private func store(_ job: NewJob, in database: ClientDatabase) async throws(PostgresError) -> Job {
        let number = try await database.jobs.create(job)
        guard let stored = try await database.jobs.job(number) else {
            throw PostgresError(.connectionLost, "the job was deleted at once")
        }
        return stored
    }

    private func newJob() -> NewJob {
        var random = SystemRandomNumberGenerator()
        let milliseconds = UInt64(Date().timeIntervalSince1970 * 1000)
        var job = NewJob(
            id: JobID(milliseconds: milliseconds, random: (random.next(), random.next())), name: name ?? file.stem,
            workflow: JSONValue.object(file.workflow.canonicalJSON).serialized(),
            fingerprint: file.workflow.fingerprint,
            seed: seed ?? random.next(), generatorVersion: RandomSource.generatorVersion, records: records)
        job.priority = priority
        if let rounds = runSettings.salvageMaximumRounds { job.salvageMaximumRounds = rounds }
        job.runConfig = runSettings.stored
        job.maximumParallel = JSONValue.object(maximumParallel).serialized()
        job.keepsFailed = keepsFailed
        job.deadline = deadline
        job.maximumTokens = maximumTokens
        job.idempotencyKey = idempotencyKey
        job.columns = file.workflow.columns.map { column in
            let route = file.workflow.route(of: column)
            return .init(
                name: column.name, kind: column.typeName, model: route.map { "\($0.provider)/\($0.model)" } ?? "")
        }
        return job
    }

    /// The caps that will hold, so that nobody wonders later.
    var capLines: [String] {
        file.workflow.models.filter { model in
            file.workflow.columns.contains { $0.modelAlias == model.alias }
        }.map { model in
            let given = maximumParallel[model.alias]?.intValue
            let cap = given ?? model.inference.maximumParallelRequests
            let columns = file.workflow.columns.filter { $0.modelAlias == model.alias }.count
            let least = Double(records) * Double(columns) / Double(cap)
            return "\(model.alias): \(model.model) at \(model.provider), at most \(cap) calls at a time in the cluster"
                + "; with calls of 1 s at least \(Spell.duration(least))"
        }
    }
}
