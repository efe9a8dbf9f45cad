import Postgres
import Scheduling
import Store

extension PartitionOwner {
    /// How often the tables are asked for new jobs and wishes where no notification came.
    static let pollInterval: Duration = .seconds(2)

    /// Reads which jobs there are and what is wished of them.
    func pollJobs() async throws(PostgresError) {
        let now = ContinuousClock.now
        guard jobsMayHaveChanged || lastJobPoll.duration(to: now) >= Self.pollInterval else { return }
        jobsMayHaveChanged = false
        lastJobPoll = now
        let (outlines, commands) = try await environment.partitions.outlines(of: partition)
        collector.refresh(outlines, commands: commands, now: now)
        // Workflows are read once: only of jobs that are new here, or over and wished something of.
        let isAnyNew = (outlines.map(\.number) + commands.keys).contains(where: collector.isNew)
        if isAnyNew {
            for stored in try await environment.partitions.jobs(of: partition) { collector.adopt(stored, now: now) }
        }
        // Before anything is published to them: a returned message then means that the broker lost a queue.
        for route in collector.routes.keys where !declaredRoutes.contains(route) { await declare(route) }
    }
}
