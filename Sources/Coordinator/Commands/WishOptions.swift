import ArgumentParser
import JSON
import Settings
import Store

/// What every command that wishes something of a job takes.
struct WishOptions: ParsableArguments {
    @Argument(help: "The job: a unique prefix of its id, or its name.")
    var job: String

    @Option(help: "How long to wait for the answer (30s, 10m): exit 124 after it.")
    var timeout = "30s"

    @OptionGroup var common: CommonOptions

    /// Finds the job, stores the wish, and prints the answer.
    func carryOut(_ kind: String, _ arguments: JSONValue = [:]) async throws {
        try await carryOut(kind) { _, _ in arguments }
    }

    /// The same where what is wished depends on the job.
    func carryOut(_ kind: String, _ arguments: (Job, ClientDatabase) async throws -> JSONValue) async throws {
        let settings = try common.load()
        let limit = try DurationOption.parse(timeout, "--timeout")
        let database = try await ClientDatabase(settings)
        do {
            let found = try await database.job(job)
            let answer = try await Wish(kind: kind, arguments: try await arguments(found, database))
                .carryOut(on: found, in: database, timeout: limit)
            Talk.line("job \(found.id.short): \(answer)")
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }
}

/// Deadline and budget of a job.
struct BoundOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "Pause the job after so long (6h, 30m); what is finished can be exported.")
    var deadline: String?

    @Option(parsing: .unconditional, help: "Pause the job when its calls have used so many tokens, input and output.")
    var maxTokensTotal: Int64?

    func validate() throws {
        if let maxTokensTotal, maxTokensTotal < 1 { throw ValidationError("--max-tokens-total must be at least 1.") }
    }

    func duration() throws -> Duration? {
        guard let deadline else { return nil }
        let duration = try DurationOption.parse(deadline, "--deadline")
        guard duration > .zero else {
            throw CommandFailure(
                .usage, "--deadline \(deadline): it would have passed already",
                next: "To pause a job: coordinator pause JOB")
        }
        return duration
    }

    /// As arguments of a wish.
    func arguments() throws -> [(String, JSONValue)] {
        var list: [(String, JSONValue)] = []
        if let duration = try duration() { list.append(("deadline_seconds", .number(duration / .seconds(1)))) }
        if let maxTokensTotal { list.append(("max_tokens", .integer(maxTokensTotal))) }
        return list
    }
}

enum DurationOption {
    /// Longer times overflow what databases count in.
    private static let longest = Duration.seconds(10 * 365 * 86_400)

    /// - Throws: exit 64 for what is no duration, has no unit, or is above ten years.
    static func parse(_ text: String, _ flag: String) throws(CommandFailure) -> Duration {
        guard let parsed = DurationText.parse(text) else {
            throw CommandFailure(.usage, "\(flag) \(text) is not a duration", next: "Type 30s, 10m or 2h.")
        }
        guard text.contains(where: \.isLetter) else {
            throw CommandFailure(.usage, "\(flag) \(text) has no unit", next: "Type \(text)s, \(text)m or \(text)h.")
        }
        guard parsed <= longest else {
            throw CommandFailure(.usage, "\(flag) \(text) is more than ten years", next: "Type 30s, 10m or 2h.")
        }
        return parsed
    }
}
