import ArgumentParser
import JSON
import Postgres
import Store

struct Events: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "A job's timeline: one JSON object a line.",
        discussion: "Each has number, at (UTC), event and detail; --follow goes on until the job ends.")

    @Argument(help: "The job: a unique prefix of its id, or its name.")
    var job: String

    @Flag(name: .shortAndLong, help: "Go on until the job ends.")
    var follow = false

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let database = try await ClientDatabase(try common.load())
        let found = try await database.job(job)
        var last: Int64 = 0
        var notice = AwayNotice()
        while true {
            do throws(PostgresError) {
                // Asked before the events, so that none of an ended job is missed.
                let hasEnded = try await database.jobs.state(of: found.number)?.isEnded ?? true
                let events = try await database.jobs.events(of: found.number, after: last)
                for event in events { Output.line(Self.json(event).serialized()) }
                last = events.last?.number ?? last
                if events.count == 1000 { continue }
                if !follow || hasEnded { break }
            } catch {
                guard follow else { throw error }
                try notice.note(error)
            }
            try await Task.sleep(for: .milliseconds(250))
        }
        await database.close()
    }

    private static func json(_ event: JobEvent) -> JSONValue {
        [
            "number": .integer(event.number), "at": .string(event.at), "event": .string(event.event),
            "detail": .string(event.detail),
        ]
    }
}
