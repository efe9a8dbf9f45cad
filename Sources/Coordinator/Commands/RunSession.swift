import Export
import Foundation
import LocalServices
import Logging
import Postgres
import Settings
import Store
import Workflow

/// One `coordinator run`: starts everything, generates, exports; `stop` ends what it started.
actor RunSession {
    enum Endpoints: Sendable {
        case file(String)
        /// The built-in simulator, with calls of so many milliseconds.
        case simulator(Int)
    }

    private let submission: Submission
    private let endpoints: Endpoints
    private let workers: Int
    private let stateDirectory: String
    private let folder: String?
    private let force: Bool
    private let jobRecords: RunRecords
    private let settings: Settings
    private let logger: Logger

    private var lock: FileLock?
    private var guardian: GuardianHandle?
    private var services: LocalServices?
    private var supervisor: ProcessSupervisor?
    private var supervision: Task<Void, Never>?

    init(
        submission: Submission, endpoints: Endpoints, workers: Int, stateDirectory: String, folder: String?,
        force: Bool, settings: Settings, logger: Logger
    ) {
        self.submission = submission
        self.endpoints = endpoints
        self.workers = workers
        self.stateDirectory = stateDirectory
        self.folder = folder
        self.force = force
        jobRecords = RunRecords(stateDirectory: stateDirectory)
        self.settings = settings
        self.logger = logger
    }

    /// Everything from the lock to the exported files. Cancellation ends it at the next wait.
    func work() async throws -> Exit {
        let database = try await startServices()
        try Task.checkCancellation()
        let job = try await submitOrResume(database)
        let output = folder ?? "artifacts/\(job.name)"
        // Another folder can be named, and the same job goes on, for as long as nothing was exported.
        try OutputFolder.check(output, for: job.id, force: force)
        try Task.checkCancellation()
        if !job.state.isEnded { try await startProcesses() }
        try await resumePaused(job, database)
        let style: JobWatch.Style = Talk.isTerminal ? .panel : .plain
        let exit = try await JobWatch(database: database, job: job, progress: style).untilEnd(timeout: nil)
        if exit == .done || exit == .finishedWithDrops {
            let ended = try await database.progress(job)
            let summary = try await Export.write(
                ended.job, database, to: output, force: force)
            try jobRecords.keep(.init(isSimulated: isSimulated, exportedTo: output), of: job.id)
            Output.line(summary.folder)
        } else {
            let ended = try await database.progress(job)
            Talk.line("job \(job.id.short) is \(ended.job.state.rawValue): \(ended.job.reason)")
            if exit == .paused {
                Talk.line("Its database ends with this command: to go on, type the same command again.")
            }
        }
        await database.close()
        return exit
    }

    /// Ends everything in order: workers hand back, the coordinator commits, then the services.
    func stop() async {
        supervision?.cancel()
        await supervisor?.stop()
        await services?.stop()
        await guardian?.close()
        lock = nil
    }

    // MARK: Starting

    private var logs: String { "\(stateDirectory)/logs" }

    private func startServices() async throws -> ClientDatabase {
        do throws(LocalServicesError) {
            lock = try FileLock.run(in: stateDirectory)
            let guardian = try await GuardianHandle.spawn(logFile: "\(logs)/guardian.log", logger: logger)
            self.guardian = guardian
            Talk.line("starting PostgreSQL and RabbitMQ under \(stateDirectory)")
            let services = try await LocalServices.start(
                stateDirectory: stateDirectory, guardian: guardian, logger: logger)
            self.services = services
            supervision = Task { [logger] in
                for await exit in services.exits {
                    Talk.line("\(exit.service.rawValue) ended (\(exit.status)); it is started again")
                    await Self.restart(exit.service, of: services, logger)
                }
            }
        } catch {
            throw CommandFailure(Self.exit(for: error.code), error.message)
        }
        var flags: [SettingKey: String] = [:]
        flags[.databaseURL] = services?.databaseURL
        flags[.brokerURL] = services?.brokerURL
        let local: Settings
        do throws(SettingsError) { local = try Settings.load(flags: flags, environment: [:]) } catch {
            throw CommandFailure(.configuration, "the settings are wrong", details: error.problems)
        }
        _ = try await DatabaseMigration.run(local, partitions: 1)
        return try await ClientDatabase(local)
    }

    /// Tries until the service runs or this ends.
    private static func restart(_ service: LocalService, of services: LocalServices, _ logger: Logger) async {
        while !Task.isCancelled {
            do throws(LocalServicesError) {
                return try await services.restart(service)
            } catch {
                logger.error("cannot start a service again", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: .seconds(2))
            }
        }
    }

    private static func exit(for code: LocalServicesError.Code) -> Exit {
        switch code {
        case .locked: .conflict
        case .unusableState: .cannotWrite
        case .notInstalled, .startFailed, .cancelled: .unreachable
        }
    }

    /// The unfinished job of the same workflow, seed and number of records, or a new one.
    private func submitOrResume(_ database: ClientDatabase) async throws -> Job {
        let seedData = try await submission.freeze(in: database)
        if let unfinished = try await database.jobs.open().first(where: { isMeant($0, seedData) && !$0.isStopping }) {
            try checkEndpoints(of: unfinished)
            Talk.line("going on with the unfinished job \(unfinished.id.short) (\(unfinished.name))")
            return unfinished
        }
        for id in jobRecords.notExported() {
            guard let job = try await database.jobs.find(id).first, job.state == .completed, isMeant(job, seedData),
                !submission.file.usesEndpoints || jobRecords.record(of: job.id)?.isSimulated == isSimulated
            else { continue }
            Talk.line("job \(job.id.short) (\(job.name)) is complete; its records are exported now")
            return job
        }
        let job = try await submission.submit(to: database, seedData: seedData)
        try jobRecords.keep(.init(isSimulated: isSimulated), of: job.id)
        Talk.line("job \(job.id.short)  \(job.name)  \(Grouped(job.requested)) records  seed \(job.seed)")
        for line in submission.capLines { Talk.line("  \(line)") }
        return job
    }

    private var isSimulated: Bool { if case .simulator = endpoints { true } else { false } }

    /// Whether the same command began the job.
    private func isMeant(_ job: Job, _ seedData: StoredSeed?) -> Bool {
        job.fingerprint == submission.file.workflow.fingerprint && job.requested == submission.records
            && job.seedData == seedData && job.runConfig == submission.runSettings.stored
            && (submission.seed == nil || submission.seed == job.seed)
            && (submission.name == nil || submission.name == job.name)
    }

    /// Simulated and real answers are never mixed in one job.
    private func checkEndpoints(of job: Job) throws(CommandFailure) {
        guard submission.file.usesEndpoints, let record = jobRecords.record(of: job.id),
            record.isSimulated != isSimulated
        else { return }
        let former = record.isSimulated ? "--simulate" : "--providers FILE"
        throw CommandFailure(
            .conflict, "the unfinished job \(job.id.short) (\(job.name)) was begun with \(former)",
            next: "Go on with it: \(former). Begin another: add --name NAME.")
    }

    /// A job that was paused, by its user or by an endpoint that refused, is meant to go on now.
    private func resumePaused(_ job: Job, _ database: ClientDatabase) async throws {
        guard job.state == .paused else { return }
        let answer = try await Wish(kind: "resume").carryOut(on: job, in: database, timeout: .seconds(120))
        Talk.line("job \(job.id.short) was paused (\(job.reason)): \(answer)")
    }

    private func startProcesses() async throws {
        guard let services else { return }
        let supervisor = ProcessSupervisor(stateDirectory: stateDirectory, guardian: guardian, logger: logger)
        self.supervisor = supervisor
        let environment = [
            "TESSERA_DATABASE_URL": services.databaseURL, "TESSERA_BROKER_URL": services.brokerURL,
            "TESSERA_LOG_FORMAT": "json",
        ]
        do throws(LocalServicesError) {
            try await supervisor.start(
                SupervisedProcess(
                    name: "coordinator", arguments: ["serve"], environment: environment,
                    logFile: "\(logs)/coordinator.log"))
            // Without models there is nothing for workers to do.
            guard submission.file.usesWorkers else { return }
            let providers = try await providersFile(supervisor)
            for number in 1...workers {
                try await supervisor.start(
                    SupervisedProcess(
                        name: "worker-\(number)", executable: try sibling("worker"),
                        arguments: [
                            "run", "--providers", providers, "--name", "worker-\(number)", "--drain-timeout", "10s",
                        ], environment: environment, logFile: "\(logs)/worker-\(number).log"))
            }
        } catch {
            throw CommandFailure(Self.exit(for: error.code), error.message)
        }
    }

    /// The user's file, or one that sends every provider of the workflow to the simulator, which is started then.
    private func providersFile(_ supervisor: ProcessSupervisor) async throws(LocalServicesError) -> String {
        guard case .simulator(let latency) = endpoints else {
            if case .file(let path) = endpoints { return path }
            return ""
        }
        let port = LoopbackPort.free(1)[0]
        try await supervisor.start(
            SupervisedProcess(
                name: "inference-simulator", executable: try sibling("inference-simulator"),
                arguments: ["--port", "\(port)", "--latency-ms", "\(latency)", "--invalid-code-rate", "0.15"],
                logFile: "\(logs)/simulator.log"))
        let used = Set(submission.file.workflow.columns.compactMap(\.modelAlias))
        let names = Set(submission.file.workflow.models.filter { used.contains($0.alias) }.map(\.provider))
        let server = "http://127.0.0.1:\(port)"
        var text = names.sorted().map { "  - name: \"\($0)\"\n    endpoint: \(server)/v1\n" }.joined()
        // What is no model's is simulated, too.
        let rows = "    endpoint: \(server)/rows\n    provider_type: http\n"
        for name in submission.file.httpProviders { text += "  - name: \"\(name)\"\n\(rows)" }
        let remote = submission.file.remoteURLs.map { "\"\($0)\"" }.joined(separator: ", ")
        // A worker has one provider at least.
        if !remote.isEmpty || text.isEmpty { text += "  - name: simulated\n\(rows)    remote_urls: [\(remote)]\n" }
        let path = "\(stateDirectory)/providers.yaml"
        guard FileManager.default.createFile(atPath: path, contents: Data("providers:\n\(text)".utf8)) else {
            throw LocalServicesError(.unusableState, "cannot write \(path)")
        }
        return path
    }

    /// A program that lies beside this one.
    private func sibling(_ name: String) throws(LocalServicesError) -> String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let path = (own as NSString).deletingLastPathComponent + "/" + name
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw LocalServicesError(.startFailed, "\(path) is not there; build it: swift build -c release")
        }
        return path
    }
}
