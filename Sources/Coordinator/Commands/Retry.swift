import ArgumentParser
import JSON
import Spelling
import Store

struct Retry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Try dropped records again, also of a job that is completed: all, or those chosen.")

    @Option(help: "Only those dropped for this reason (a kind that `coordinator failures` lists); may be repeated.")
    var reason: [String] = []

    @Option(parsing: .unconditionalSingleValue, help: "Only this record, from 0 on; may be repeated.")
    var record: [Int64] = []

    @OptionGroup var wish: WishOptions

    func validate() throws {
        if let wrong = record.first(where: { $0 < 0 }) {
            throw ValidationError("--record \(wrong): a job's records are numbered from 0 on.")
        }
    }

    func run() async throws {
        try await wish.carryOut("retry") { job, database in
            // One that was given up is refused for that.
            if job.state != .cancelled, job.state != .failed { try await check(job, database) }
            return ["kinds": .array(reason.map { .string($0) }), "records": .array(record.map { .integer($0) })]
        }
    }

    /// - Throws: exit 5 when nothing would be tried again, or something that was named is not there.
    private func check(_ job: Job, _ database: ClientDatabase) async throws {
        let most = job.requested - 1
        if let beyond = record.first(where: { $0 > most }) {
            throw CommandFailure(
                .conflict, "job \(job.name) has no record \(beyond): they are numbered from 0 to \(most)")
        }
        let choice = try await database.jobs.retryChoice(of: job, kinds: reason, records: record)
        let kinds = choice.kinds.map { "\($0.kind): \(Spell.count($0.records, "record"))" }
        guard !kinds.isEmpty else { throw CommandFailure(.conflict, "no record of job \(job.name) is dropped") }
        if let unknown = reason.first(where: { given in !choice.kinds.contains { $0.kind == given } }) {
            let question = Suggestion.question(for: unknown, among: choice.kinds.map(\.kind))
            throw CommandFailure(
                .conflict, "no record of job \(job.name) was dropped for \(unknown).\(question)",
                details: ["they were for"] + kinds)
        }
        if !choice.notDropped.isEmpty {
            let shown = choice.notDropped.prefix(20).map { "\($0)" }.joined(separator: ", ")
            let more = choice.notDropped.count > 20 ? ", ..." : ""
            throw CommandFailure(.conflict, "not dropped in job \(job.name): record \(shown)\(more)")
        }
        guard choice.chosen > 0 else {
            throw CommandFailure(
                .conflict, "no dropped record of job \(job.name) is chosen by this",
                details: ["they were dropped for"] + kinds,
                next: choice.kinds.contains { $0.kind == "sampling" }
                    ? "Records that could not be sampled stay dropped: they never can be." : nil)
        }
    }
}
