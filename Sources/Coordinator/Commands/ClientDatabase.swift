import Logging
import Postgres
import Settings
import Spelling
import Store

/// The database as a client command sees it.
struct ClientDatabase: Sendable {
    let pool: PostgresPool
    let jobs: JobStore

    init(_ settings: Settings) async throws {
        let url = try Self.url(settings)
        pool = PostgresPool(url: url, size: 1, applicationName: "tessera client", logger: Logger(label: "client"))
        jobs = JobStore(pool: pool)
        let known: Rows
        do throws(PostgresError) {
            known = try await pool.run(Statement("select to_regclass('jobs') is not null"))
        } catch {
            await pool.close()
            throw CommandFailure(
                .unreachable, "the database cannot be reached: \(error.message)",
                next: "Is TESSERA_DATABASE_URL (or --database) right? \(url)")
        }
        guard try known[0].bool(0) else {
            await pool.close()
            throw CommandFailure(.unreachable, MissingSchemaText.text, next: "Type: coordinator migrate")
        }
    }

    static func url(_ settings: Settings) throws -> DatabaseURL {
        let text: String
        do throws(SettingsError) {
            text = try settings.required(.databaseURL)
        } catch {
            throw CommandFailure(
                .configuration, "no database is set", details: error.problems,
                next: "Set TESSERA_DATABASE_URL, or try everything on this machine: coordinator run")
        }
        if text.contains("://"), !["postgresql://", "postgres://"].contains(where: text.hasPrefix) {
            throw CommandFailure(.configuration, "the database's URL must begin with postgresql://")
        }
        do throws(PostgresError) { return try DatabaseURL(text) } catch {
            throw CommandFailure(.configuration, error.message)
        }
    }

    /// The one job that the text names: a unique prefix of its id, or its name.
    func job(_ text: String) async throws -> Job {
        guard !text.isEmpty else {
            throw CommandFailure(.usage, "JOB is empty; is a variable unset?", next: "The jobs: coordinator list")
        }
        var found = try await jobs.find(text)
        if text.count < Self.leastPrefix {
            let named = found.filter { $0.name == text }
            guard found.isEmpty || !named.isEmpty else {
                throw CommandFailure(
                    .usage, "\(text) is too short for the beginning of an id: it takes \(Self.leastPrefix) characters")
            }
            found = named
        }
        if let exact = found.first(where: { $0.id.rawValue == text.uppercased() || $0.name == text }) { return exact }
        guard let job = found.first else {
            let question = Suggestion.question(for: text, among: try await jobs.names(limit: 1000))
            throw CommandFailure(
                .noSuchJob, "there is no job \(text).\(question)", next: "The jobs: coordinator list")
        }
        guard found.count == 1 else {
            throw CommandFailure(
                .noSuchJob, "\(text) is the beginning of \(found.count) jobs",
                details: found.map { "\($0.id)  \($0.name)" })
        }
        return job
    }

    /// Of a name that is no job's whole name.
    private static let leastPrefix = 6

    /// Whether any coordinator is running, as far as the database can tell.
    func hasCoordinator() async throws(PostgresError) -> Bool { try await LeaseStore(pool: pool).hasCoordinator() }

    func progress(_ job: Job, drops: Bool = false) async throws -> JobProgress {
        guard let progress = try await jobs.progress(of: job, drops: drops) else { throw Self.deleted(job) }
        return progress
    }

    /// Exit 4, of a job that was there when the command began.
    static func deleted(_ job: Job) -> CommandFailure {
        CommandFailure(.noSuchJob, "job \(job.id.short) was deleted")
    }

    func close() async { await pool.close() }
}

enum MissingSchemaText {
    static let text = "the database has no Tessera schema"
}
