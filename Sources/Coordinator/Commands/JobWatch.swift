import Postgres
import Store

/// Follows a job until it ends.
struct JobWatch {
    enum Style: Sendable {
        case quiet
        /// A line now and then.
        case plain
        /// Bars that are drawn over.
        case panel
    }

    let database: ClientDatabase
    let job: Job
    let progress: Style
    private let caps: JobCaps

    static let noCoordinator = "no coordinator is running: coordinator serve"
    /// How long a queued job may wait before somebody should look for its coordinator; `run` starts one.
    private static let patience = Duration.seconds(5)

    init(database: ClientDatabase, job: Job, progress: Style) {
        self.database = database
        self.job = job
        self.progress = progress
        caps = JobCaps(job)
    }

    /// What its routes wait for, or are held back by; only where there is room to say so.
    private func heldBack(_ job: Job) async throws(PostgresError) -> [String] {
        guard progress == .panel, job.state == .running || job.state == .waiting else { return [] }
        return RouteReport(try await LimitStore(pool: database.pool).standings()).heldBack(caps.byRoute)
    }

    /// The exit code that the job's end asks for; a database that is away for a while is waited for.
    func untilEnd(timeout: Duration?) async throws -> Exit {
        let start = ContinuousClock.now
        var printer = ProgressPrinter(style: progress)
        var hasLookedForCoordinator = false
        var lastComplaint: ContinuousClock.Instant?
        while true {
            do throws(PostgresError) {
                guard let now = try await database.jobs.progress(of: job.number) else {
                    throw PostgresError(.statementFailed, "job \(job.id.short) was deleted")
                }
                var report = JobReport(progress: now, drops: [])
                report.heldBack = try await heldBack(now.job)
                printer.show(report)
                if !hasLookedForCoordinator, now.job.state == .queued, start.duration(to: .now) > Self.patience {
                    hasLookedForCoordinator = true
                    if try await !database.hasCoordinator() { Talk.line(Self.noCoordinator) }
                }
                if report.exit != .stillRunning {
                    printer.finish(report)
                    return report.exit
                }
            } catch {
                guard error.isRetryable else { throw CommandFailure(.other, error.message) }
                if lastComplaint.map({ $0.duration(to: .now) > .seconds(10) }) ?? true {
                    Talk.line("the database cannot be reached; still trying: \(error.message)")
                    lastComplaint = .now
                }
            }
            let passed = start.duration(to: .now)
            if let timeout, passed >= timeout {
                throw CommandFailure(
                    .timeout, "job \(job.id.short) has not ended after \(Spell.duration(timeout / .seconds(1)))")
            }
            // A panel is looked at; who only waits for a long job asks seldom, since each answer has the whole workflow.
            let often = Duration.milliseconds(250)
            try await Task.sleep(for: progress == .panel ? often : min(.seconds(1), max(often, passed / 20)))
        }
    }
}
