import ArgumentParser
import Export
import Store
import Workflow

struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the finished row groups of a job to a folder; also while it runs.")

    @Argument(help: "The job: a unique prefix of its id, or its name.")
    var job: String

    @Option(name: [.customShort("f"), .long], help: "jsonl.")
    var format: ExportFormat = .jsonl

    @Option(help: "The folder; made when absent. One that holds an export of the same job goes on.")
    var to: String

    @Flag(help: "Write even if the folder holds something else.")
    var force = false

    @OptionGroup var common: CommonOptions

    func validate() throws { try OutputFolder.checkName(to) }

    func run() async throws {
        let database = try await ClientDatabase(try common.load())
        let found = try await database.job(job)
        let summary = try await Self.write(found, database, to: to, force: force)
        await database.close()
        Output.line(summary.folder)
    }

    /// Exports and says what came out.
    static func write(
        _ job: Job, _ database: ClientDatabase, to folder: String, force: Bool
    ) async throws -> JobExport.Summary {
        let loaded = Workflow.load(
            text: job.workflow, name: "workflow of job \(job.id.short)", format: .json,
            seedColumns: job.seedData?.columns)
        guard let workflow = loaded.workflow else {
            throw CommandFailure(.ourBug, "the stored workflow cannot be read: \(loaded.problems.first?.message ?? "")")
        }
        let progress = try await database.progress(job)
        do throws(ExportError) {
            let summary = try await JobExport(pool: database.pool, progress: progress, workflow: workflow)
                .write(to: folder, replacing: force)
            for line in lines(summary, job.state) { Talk.line(line) }
            return summary
        } catch {
            let exit: Exit = error.code == .database ? .unreachable : .cannotWrite
            throw CommandFailure(exit, error.description)
        }
    }

    private static func lines(_ summary: JobExport.Summary, _ state: JobState) -> [String] {
        let files = Spell.count(Int64(summary.newFiles + summary.keptFiles), "file")
        let written =
            "\(Spell.count(summary.records, "record")) in \(files)"
            + (summary.keptFiles > 0 ? " (\(summary.keptFiles) kept)" : "")
            + (summary.withNulls > 0
                ? "; \(Grouped(summary.withNulls)) with nulls for what failed, see failures.jsonl" : "")
            + (summary.dropped > 0 ? "; \(Grouped(summary.dropped)) dropped, see failures.jsonl" : "")
            + (summary.failedTransforms > 0
                ? "; \(Grouped(Int64(summary.failedTransforms))) documents could not be made, see failures.jsonl" : "")
        guard summary.unfinished > 0 else { return [written] }
        let one = summary.unfinished == 1
        let when = state.isEnded ? "" : ": \(one ? "it" : "they") can be exported when the row group ends"
        let rest =
            "\(Spell.count(summary.unfinished, "completed record")) \(one ? "is" : "are") in row groups that are not "
            + "finished" + when + (state == .paused ? " (resume the job)" : "")
        return [written, rest]
    }
}

enum ExportFormat: String, ExpressibleByArgument, CaseIterable {
    case jsonl
}
