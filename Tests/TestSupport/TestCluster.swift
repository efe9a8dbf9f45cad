package import AMQP
package import Foundation
package import JSON
package import LocalServices
import Logging
package import Messages
package import Postgres

/// A small cluster of real processes on private services: a database of its own, empty queues, a simulator.
package actor TestCluster {
    package nonisolated let folder: String
    package nonisolated let databaseURL: String
    package nonisolated let services: LocalServices
    package nonisolated let pool: PostgresPool
    private var processes: [TestProcess] = []
    package private(set) var simulatorPort = 0
    private var started: [String: Int] = [:]

    /// Migrated, nothing running but the services.
    ///
    /// - Parameter partitions: as many as the database gets.
    package static func make(partitions: Int = 1) async throws -> TestCluster {
        try await make(partitions: partitions, on: TestServices.get())
    }

    /// - Parameter services: nobody else's: their queues are emptied.
    package static func make(partitions: Int = 1, on services: LocalServices) async throws -> TestCluster {
        let name = "t\(UInt32.random(in: 0 ... .max))"
        let database = try await TestServices.makeDatabase(name, on: services)
        let folder = NSTemporaryDirectory() + "tessera-e2e-\(name)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let cluster = try TestCluster(folder: folder, services: services, databaseURL: database)
        try await cluster.deleteQueues()
        let migrated = try await cluster.coordinator(["migrate"], environment: ["TESSERA_PARTITIONS": "\(partitions)"])
        guard migrated.exit == 0 else { throw NeverHappened("migrate: \(migrated.errors)") }
        return cluster
    }

    private init(folder: String, services: LocalServices, databaseURL: String) throws {
        self.folder = folder
        self.services = services
        self.databaseURL = databaseURL
        pool = PostgresPool(
            url: try DatabaseURL(databaseURL), size: 1, applicationName: "tests", logger: Logger(label: "tests"))
    }

    /// Ends every process of this cluster by SIGKILL; the services stay.
    package func stop() async {
        for process in processes where process.isRunning { process.signal(SIGKILL) }
        for process in processes { _ = await process.exit() }
        await pool.close()
    }

    // MARK: Processes

    package nonisolated var environment: [String: String] {
        [
            "TESSERA_DATABASE_URL": databaseURL, "TESSERA_BROKER_URL": services.brokerURL,
            "TESSERA_LOG_FORMAT": "text",
        ]
    }

    /// Starts the simulator and writes `providers.yaml` for it; the test workflow's providers are nim-a and nim-b.
    @discardableResult
    package func startSimulator(_ options: [String] = ["--latency-ms", "20"]) async throws -> TestProcess {
        // One that nobody can take while it is started again.
        if simulatorPort == 0 { simulatorPort = LoopbackPort.free(1)[0] }
        let arguments = ["--port", "\(simulatorPort)", "--track-prompts"] + options
        let process = try start("inference-simulator", arguments)
        _ = try await port(of: process)
        try writeProviders(endpoint: "http://127.0.0.1:\(simulatorPort)/v1")
        return process
    }

    /// Starts another one, which nobody is told of; its endpoint.
    package func startOtherSimulator(_ options: [String]) async throws -> String {
        let process = try start("inference-simulator", ["--port", "0"] + options)
        return "http://127.0.0.1:\(try await port(of: process))/v1"
    }

    private func port(of simulator: TestProcess) async throws -> Int {
        var port: Int?
        try await eventually("the simulator listens", within: .seconds(20)) {
            let line = simulator.log.split(separator: "\n").first { $0.hasPrefix("listening on ") }
            port = line?.split(separator: " ").last.flatMap { URL(string: String($0))?.port }
            return port != nil
        }
        guard let port else { throw NeverHappened("a port of the simulator") }
        return port
    }

    package nonisolated var providersFile: String { "\(folder)/providers.yaml" }

    /// - Parameter extra: more lines of each provider, without their indentation.
    package nonisolated func writeProviders(endpoint: String, to path: String? = nil, extra: [String] = []) throws {
        let text =
            "providers:\n"
            + ["nim-a", "nim-b"].map { name in
                "  - name: \(name)\n    endpoint: \(endpoint)\n" + extra.map { "    \($0)\n" }.joined()
            }.joined()
        try Data(text.utf8).write(to: URL(fileURLWithPath: path ?? providersFile))
    }

    @discardableResult
    package func startCoordinator(_ extra: [String: String] = [:]) throws -> TestProcess {
        try start("coordinator", ["serve", "--log-level", "debug"], extra)
    }

    @discardableResult
    package func startWorker(_ extra: [String: String] = [:], providers: String? = nil) throws -> TestProcess {
        let number = (started["worker"] ?? 0) + 1
        return try start(
            "worker",
            ["run", "--providers", providers ?? providersFile, "--name", "w\(number)", "--log-level", "debug"], extra)
    }

    private func start(
        _ program: String, _ arguments: [String], _ extra: [String: String] = [:]
    ) throws -> TestProcess {
        started[program, default: 0] += 1
        let process = try TestProcess(
            "\(program)-\(started[program] ?? 0)", program: BuiltProducts.path(program), arguments,
            environment: environment.merging(extra) { $1 }, folder: folder)
        processes.append(process)
        return process
    }

    // MARK: Commands

    package struct Answer: Sendable {
        package let exit: Int32
        package let output: String
        package let errors: String
    }

    /// Runs one client command to its end.
    package func coordinator(_ arguments: [String], environment extra: [String: String] = [:]) async throws -> Answer {
        try await Self.command("coordinator", arguments, environment: environment.merging(extra) { $1 }, folder: folder)
    }

    package static func command(
        _ program: String, _ arguments: [String], environment: [String: String], folder: String
    ) async throws -> Answer {
        try await Self.answer(
            of: BuiltProducts.path(program), arguments,
            environment: ProcessInfo.processInfo.environment.merging(environment) { $1 }, folder: folder)
    }

    /// Runs a program to its end on a thread of its own: nothing blocks the threads that tests share.
    private static func answer(
        of program: String, _ arguments: [String], environment: [String: String]? = nil, folder: String = "/"
    ) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        try run(program, arguments, environment: environment, folder: folder)
                    })
            }
        }
    }

    private static func run(
        _ program: String, _ arguments: [String], environment: [String: String]?, folder: String
    ) throws -> Answer {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        if let environment { process.environment = environment }
        // Files, not pipes: neither can fill up while the other is read.
        let base = NSTemporaryDirectory() + "tessera-answer-\(UInt64.random(in: 0 ... .max))"
        let files = [base + ".out", base + ".err"]
        defer { for file in files { try? FileManager.default.removeItem(atPath: file) } }
        for file in files { _ = FileManager.default.createFile(atPath: file, contents: nil) }
        process.standardOutput = FileHandle(forWritingAtPath: files[0])
        process.standardError = FileHandle(forWritingAtPath: files[1])
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return Answer(
            exit: process.terminationStatus, output: try String(contentsOfFile: files[0], encoding: .utf8),
            errors: try String(contentsOfFile: files[1], encoding: .utf8))
    }

    /// Submits the test workflow; returns the job's id.
    package func submit(
        records: Int, seed: Int = 42, workflow: String = TestWorkflow.yaml, arguments: [String] = []
    ) async throws -> String {
        let path = "\(folder)/workflow.yaml"
        try Data(workflow.utf8).write(to: URL(fileURLWithPath: path))
        let answer = try await coordinator(["submit", path, "-n", "\(records)", "--seed", "\(seed)"] + arguments)
        guard answer.exit == 0 else { throw NeverHappened("submit: \(answer.errors)") }
        return answer.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Waits until the job ends; the exit code of `wait`.
    package func wait(_ job: String, timeout: String = "120s") async throws -> Int32 {
        try await coordinator(["wait", job, "--timeout", timeout]).exit
    }

    package func status(_ job: String) async throws -> JSONValue {
        let answer = try await coordinator(["status", job, "-o", "json"])
        return try JSONValue(parsing: answer.output)
    }

    /// Waits until so many records are complete, so that a fault strikes in the middle.
    package func waitForRecords(_ count: Int64) async throws {
        try await eventually("\(count) records are complete") {
            let rows = try await pool.run(Statement("select coalesce(sum(completed), 0)::bigint from row_groups"))
            return try rows[0].int64(0) >= count
        }
    }

    /// The bytes of the exported data files, in order.
    package func export(_ job: String, to name: String = "out") async throws -> Data {
        let answer = try await coordinator(["export", job, "-f", "jsonl", "--to", "\(folder)/\(name)"])
        guard answer.exit == 0 else { throw NeverHappened("export: \(answer.errors)") }
        let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)/jsonl-files").sorted()
        return try files.reduce(into: Data()) {
            $0 += try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)/jsonl-files/\($1)"))
        }
    }

    /// Where the simulator answers rows: what the `endpoint` of a provider of type http is set to.
    package var rowsEndpoint: String { "http://127.0.0.1:\(simulatorPort)/rows" }

    /// A total of the simulator's: `ok`, `r429`, `errors`, `repeated_prompts`, ...
    package func simulatorTotal(_ name: String) async throws -> Int {
        try JSONValue(parsing: try await ask("stats"))[name]?.intValue ?? -1
    }

    /// The same of another one.
    package func simulatorTotal(_ name: String, of endpoint: String) async throws -> Int {
        let root = endpoint.replacingOccurrences(of: "/v1", with: "")
        let answer = try await Self.answer(of: "/usr/bin/curl", ["-sf", "\(root)/stats"])
        return try JSONValue(parsing: answer.output)[name]?.intValue ?? -1
    }

    /// The simulator's figures for one model.
    package func simulatorModel(_ model: String) async throws -> JSONValue {
        try JSONValue(parsing: try await ask("stats"))["models"]?[model] ?? .null
    }

    /// The last calls that the simulator kept, in the order in which they ended.
    package func requests() async throws -> [JSONValue] {
        try await ask("requests").split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    /// Changes options of the running simulator: `fail-status=0`.
    package func configureSimulator(_ query: String) async throws { _ = try await ask("config?\(query)", "POST") }

    /// Through curl, since URLSession would bring a second HTTP stack into the tests.
    private func ask(_ path: String, _ method: String = "GET") async throws -> String {
        try await Self.answer(
            of: "/usr/bin/curl", ["-sf", "-X", method, "http://127.0.0.1:\(simulatorPort)/\(path)"]
        ).output
    }

    // MARK: The broker

    /// Takes away a binding behind the back of whoever owns the queue: it is exclusive to its owner's connection.
    package func unbind(queue: String, from exchange: String) async throws {
        let resource = { (kind: String, name: String) in "rabbit_misc:r(<<\"/\">>, \(kind), <<\"\(name)\">>)" }
        let binding =
            "{binding, \(resource("exchange", exchange)), <<>>, \(resource("queue", queue)), []}"
        let answer = try await evaluate("rabbit_binding:remove(\(binding), <<\"tests\">>).")
        guard answer.exit == 0, answer.output.hasPrefix("ok") else {
            throw NeverHappened("unbind: \(answer.output) \(answer.errors)")
        }
    }

    /// Runs an Erlang expression in the broker.
    private func evaluate(_ expression: String) async throws -> Answer {
        // What it was started with says how to reach it.
        guard let broker = await services.processID(of: .broker),
            let environment = FileManager.default.contents(atPath: "/proc/\(broker)/environ")
        else { throw NeverHappened("the broker does not run") }
        let pairs = environment.split(separator: 0).compactMap { entry -> (String, String)? in
            let parts = String(decoding: entry, as: UTF8.self).split(separator: "=", maxSplits: 1)
            return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
        }
        let known = Dictionary(pairs) { first, _ in first }
        let wanted = known.filter { ["HOME", "PATH", "LANG", "ERL_EPMD_PORT", "RABBITMQ_NODENAME"].contains($0.key) }
        return try await Self.answer(
            of: "/usr/lib/rabbitmq/bin/rabbitmqctl",
            ["--silent", "-n", known["RABBITMQ_NODENAME"] ?? "", "eval", expression],
            environment: wanted, folder: "/")
    }

    /// A connection of the test's own.
    package func brokerConnection() async throws -> AMQPConnection {
        let connection = AMQPConnection(
            url: try BrokerURL(services.brokerURL), name: "tests", logger: Logger(label: "tests")
        ) { _ in }
        connection.start()
        try await connection.waitUntilConnected(timeout: .seconds(60))
        return connection
    }

    package static let routes = [
        Route(provider: "nim-a", model: "sim/writer"), Route(provider: "nim-b", model: "sim/critic"),
    ]

    /// Of an http column's provider and of a remote validator.
    package static let rowRoutes = [
        Route(provider: "places", model: Route.httpModel),
        Route(provider: Route.remoteProvider, model: "http://checks.example/v"),
    ]

    private func deleteQueues() async throws {
        let connection = try await brokerConnection()
        for partition in 0..<16 {
            try? await connection.deleteQueue(Topics.resultsQueue(partition: partition))
            try? await connection.deleteQueue(Topics.salvageQueue(partition: partition))
        }
        let tools = CodeTool.allCases.map(\.route)
        for route in Self.routes + Self.rowRoutes + tools { try? await connection.deleteQueue(route.queue) }
        for queue in [Topics.deadQueue, Topics.requestsQueue] { try? await connection.deleteQueue(queue) }
        await connection.close()
    }
}
