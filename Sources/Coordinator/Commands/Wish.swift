import JSON
import Postgres
import Store

/// Stores what a client wishes of a job, and waits for the answer of the partition's owner.
struct Wish {
    let kind: String
    var arguments: JSONValue = [:]

    /// - Returns: the answer.
    /// - Throws: exit 5 when it is refused, 124 when no answer is known in time (the wish is stored all the same).
    func carryOut(on job: Job, in database: ClientDatabase, timeout: Duration) async throws -> String {
        let id = try await database.jobs.wish(kind, arguments.serialized(), for: job.number)
        let end = ContinuousClock.now.advanced(by: timeout)
        var notice = AwayNotice()
        while true {
            let isLate = ContinuousClock.now >= end
            do {
                if let answer = try await answer(to: id, job, database) { return answer }
                if isLate { throw try await late(job, database) }
            } catch let error as PostgresError {
                try notice.note(error)
                if isLate { throw unheard(job, error) }
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    private func answer(to id: Int64, _ job: Job, _ database: ClientDatabase) async throws -> String? {
        if let answer = try await database.jobs.answer(to: id) {
            guard !answer.isRefused else { throw CommandFailure(.conflict, "job \(job.id.short): \(answer.text)") }
            return answer.text
        }
        // With a deleted job its wishes are gone, too.
        return try await database.jobs.state(of: job.number) == nil ? "deleted" : nil
    }

    private func unheard(_ job: Job, _ error: PostgresError) -> CommandFailure {
        CommandFailure(
            .timeout, "the wish is stored, but its answer cannot be read: \(error.message)", next: whatCame(of: job))
    }

    /// Some wishes take long: a retry of a million records does.
    private func late(_ job: Job, _ database: ClientDatabase) async throws -> CommandFailure {
        if try await database.hasCoordinator() {
            return CommandFailure(
                .timeout, "there is no answer yet; a coordinator is running and carries the wish out",
                next: whatCame(of: job))
        }
        return CommandFailure(
            .timeout, "no coordinator has answered yet; the wish is stored and will be carried out",
            next: "Is one running? coordinator serve")
    }

    private func whatCame(of job: Job) -> String {
        kind == "delete" ? "When it is gone: coordinator list" : "What came of it: coordinator events \(job.id.short)"
    }
}
