import JSON
import Store

/// Stores what a client wishes of a job, and waits for the answer of the partition's owner.
struct Wish {
    let kind: String
    var arguments: JSONValue = [:]

    /// - Returns: the answer.
    /// - Throws: exit 5 when it is refused, 124 when no coordinator answers in time (the wish is stored all the same).
    func carryOut(on job: Job, in database: ClientDatabase, timeout: Duration) async throws -> String {
        let id = try await database.jobs.wish(kind, arguments.serialized(), for: job.number)
        let end = ContinuousClock.now.advanced(by: timeout)
        while true {
            if let answer = try await database.jobs.answer(to: id) {
                guard !answer.isRefused else {
                    throw CommandFailure(.conflict, "job \(job.id.short): \(answer.text)")
                }
                return answer.text
            }
            // With a deleted job its wishes are gone, too.
            if try await database.jobs.state(of: job.number) == nil { return "deleted" }
            guard ContinuousClock.now < end else { throw try await late(job, database) }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Some wishes take long: a retry of a million records does.
    private func late(_ job: Job, _ database: ClientDatabase) async throws -> CommandFailure {
        if try await database.hasCoordinator() {
            return CommandFailure(
                .timeout, "there is no answer yet; a coordinator is running and carries the wish out",
                next: kind == "delete"
                    ? "When it is gone: coordinator list" : "What came of it: coordinator events \(job.id.short).")
        }
        return CommandFailure(
            .timeout, "no coordinator has answered yet; the wish is stored and will be carried out",
            next: "Is one running? coordinator serve")
    }
}
