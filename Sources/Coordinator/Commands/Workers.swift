import ArgumentParser
import JSON
import Spelling
import Store

struct Workers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The workers that coordinators hear: what they serve and do; and how to end one gently.",
        subcommands: [WorkersList.self, WorkersShow.self, WorkersDrain.self], defaultSubcommand: WorkersList.self)

    /// Seconds in which one must have been heard to be listed.
    static let recent = 600

    /// Nobody hears workers where no coordinator runs.
    static func complain(_ database: ClientDatabase) async throws {
        if try await !database.hasCoordinator() { Talk.line(JobWatch.noCoordinator) }
    }
}

struct WorkersList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Every worker that was heard of in the last ten minutes.",
        discussion: """
            serving; draining: it ends when what runs is finished; drained: it has ended in order; silent: nothing was heard \
            for 5 s.
            """)

    @Option(name: [.customShort("o"), .customLong("output")], help: "table or json.")
    var format: OutputFormat = .table

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let database = try await ClientDatabase(try common.load())
        let report = WorkerReport(try await WorkerStore(pool: database.pool).standings(within: Workers.recent))
        try await Workers.complain(database)
        await database.close()
        switch format {
        case .json: Output.line(report.json.serialized())
        case .table: for line in report.lines { Output.line(line) }
        }
    }
}

struct WorkersShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "One worker and its routes: shares, calls, what blocks it.")

    @Argument(help: "The worker's id.")
    var worker: String

    @Option(name: [.customShort("o"), .customLong("output")], help: "table or json.")
    var format: OutputFormat = .table

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let database = try await ClientDatabase(try common.load())
        let report = WorkerReport(try await WorkerStore(pool: database.pool).standings(within: 86_400))
        try await Workers.complain(database)
        await database.close()
        guard let standing = report.standings.first(where: { $0.id == worker }) else { throw report.unheard(worker) }
        switch format {
        case .json: Output.line(standing.json.serialized())
        case .table: for line in WorkerReport.lines(of: standing) { Output.line(line) }
        }
    }
}

struct WorkersDrain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "End workers as SIGTERM would: nothing new, what runs is finished, the rest goes back uncharged.",
        discussion: "Waits until they are gone, up to --timeout; a worker takes its own --drain-timeout at most.")

    @Argument(help: "The workers' ids.")
    var workers: [String] = []

    @Flag(help: "All that live.")
    var all = false

    @Option(help: "How long to wait until they are gone (30s, 10m): exit 124 after it. They drain all the same.")
    var timeout = "60s"

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if workers.isEmpty != all { throw ValidationError("Name the workers to drain, or say --all.") }
    }

    func run() async throws {
        let limit = try DurationOption.parse(timeout, "--timeout")
        let database = try await ClientDatabase(try common.load())
        do {
            try await drain(database, until: ContinuousClock.now.advanced(by: limit))
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }

    private func drain(_ database: ClientDatabase, until end: ContinuousClock.Instant) async throws {
        let store = WorkerStore(pool: database.pool)
        let report = WorkerReport(try await store.standings(within: Workers.recent))
        let live = report.standings.filter(\.isLive).map(\.id)
        if live.isEmpty, try await !database.hasCoordinator() {
            throw CommandFailure(
                .noSuchJob, "no worker is heard of: no coordinator is running", next: "Type: coordinator serve")
        }
        if let unknown = workers.first(where: { !live.contains($0) }) { throw report.unknown(unknown) }
        var left = all ? live : workers
        guard !left.isEmpty else { throw CommandFailure(.noSuchJob, "no worker lives") }
        try await store.order(left)
        while true {
            let now = WorkerReport(try await store.standings(within: Workers.recent)).standings.filter(\.isLive)
            for worker in left where !now.contains(where: { $0.id == worker }) { Talk.line("worker \(worker) is gone") }
            left = left.filter { worker in now.contains { $0.id == worker } }
            if left.isEmpty { return }
            guard ContinuousClock.now < end else {
                let draining = now.filter { left.contains($0.id) && $0.state == "draining" }.count
                throw CommandFailure(
                    .timeout, "\(left.joined(separator: ", ")) not gone yet; \(draining) of \(left.count) draining",
                    next: draining < left.count ? "Is a coordinator running? coordinator serve" : nil)
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}

extension WorkerReport {
    /// Exit 4, with the names that there are.
    func unheard(_ worker: String) -> CommandFailure {
        let names = standings.map(\.id)
        let others = names.count > 20 ? " and \(names.count - 20) others" : ""
        return CommandFailure(
            .noSuchJob,
            "no worker \(worker) was heard of in the last day.\(Suggestion.question(for: worker, among: names))",
            next: names.isEmpty ? nil : "These were: \(names.prefix(20).joined(separator: ", "))\(others)")
    }

    /// Exit 4, with the names of those that live.
    func unknown(_ worker: String) -> CommandFailure {
        let live = standings.filter(\.isLive).map(\.id)
        return CommandFailure(
            .noSuchJob, "no worker \(worker) lives",
            next: live.isEmpty ? "None does now." : "These do: \(live.joined(separator: ", "))")
    }
}
