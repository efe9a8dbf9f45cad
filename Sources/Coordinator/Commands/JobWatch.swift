import Postgres
import Store
import Workflow

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

    static let noCoordinator = "no coordinator is running: coordinator serve"
    /// How long a queued job may wait before somebody should look for its coordinator; `run` starts one.
    private static let patience = Duration.seconds(5)

    /// The exit code that the job's end asks for; a database that is away for a while is waited for.
    func untilEnd(timeout: Duration?) async throws -> Exit {
        let start = ContinuousClock.now
        var printer = ProgressPrinter(style: progress)
        // What changes is read at each look, the workflow once.
        let workflow = progress == .panel ? JobCaps.workflow(of: job) : nil
        var hasLookedForCoordinator = false
        var notice = AwayNotice()
        while true {
            let began = ContinuousClock.now
            do {
                let state = try await look(at: database.jobs.state(of: job.number))
                if !hasLookedForCoordinator, state == .queued, start.duration(to: .now) > Self.patience {
                    hasLookedForCoordinator = true
                    if try await !database.hasCoordinator() { Talk.line(Self.noCoordinator) }
                }
                let isOver = state.isEnded || state == .paused
                if isOver || printer.isDue {
                    let report = try await report(workflow)
                    printer.show(report)
                    if report.exit != .stillRunning {
                        printer.finish(report)
                        return report.exit
                    }
                }
            } catch let error as PostgresError {
                try notice.note(error)
            }
            let passed = start.duration(to: .now)
            if let timeout, passed >= timeout {
                throw CommandFailure(
                    .timeout, "job \(job.id.short) has not ended after \(Spell.duration(timeout / .seconds(1)))")
            }
            try await Task.sleep(for: pause(after: began.duration(to: .now), passed))
        }
    }

    /// A panel is looked at; who only waits for a long job asks seldom, and nobody keeps the database busy with it.
    private func pause(after look: Duration, _ passed: Duration) -> Duration {
        let often = max(.milliseconds(250), look * 4)
        return progress == .panel ? often : max(often, min(.seconds(1), passed / 20))
    }

    private func report(_ workflow: Workflow?) async throws -> JobReport {
        let now = try await look(at: database.jobs.progress(of: job, columns: progress == .panel))
        var report = JobReport(progress: now)
        // Only where there is room to say so.
        if progress == .panel, now.cancelling == nil, now.job.state == .running || now.job.state == .waiting {
            let standings = RouteReport(try await LimitStore(pool: database.pool).standings())
            report.heldBack = standings.heldBack(JobCaps(workflow, of: now.job).byRoute)
        }
        return report
    }

    private func look<Value>(at value: Value?) throws(CommandFailure) -> Value {
        guard let value else { throw ClientDatabase.deleted(job) }
        return value
    }
}
