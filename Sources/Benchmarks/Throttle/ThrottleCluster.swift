import Foundation
import Glibc
import JSON
import LocalServices
import Logging
import Postgres

/// Runs trials on the services that are up; each brings its own simulator, workers and jobs.
struct ThrottleCluster: Sendable {
    private let folder: String
    private let environment: [String: String]
    private let pool: PostgresPool

    init(_ services: BenchServices) throws {
        folder = services.folder
        environment = services.environment
        pool = PostgresPool(
            url: try DatabaseURL(services.local.databaseURL), size: 2, applicationName: "bench",
            logger: Logger(label: "bench"))
    }

    func close() async { await pool.close() }

    // MARK: A scene

    func measure(_ trial: ThrottleTrial) async throws -> ThrottleResult {
        let scene = trial.scene
        let port = LoopbackPort.free(1)[0]
        let provider = "scene\(trial.number)"
        let server = try BenchProcess(
            trial.simulator.path ?? BenchProcess.own("inference-simulator"),
            ["--port", "\(port)", "--clock-on-first-request"] + options(scene.endpoint, trial.simulator), [:],
            log: "\(folder)/\(provider)-simulator.log", folder: folder)
        defer { server.stop(SIGKILL) }
        let yaml = "providers:\n  - name: \(provider)\n    endpoint: http://127.0.0.1:\(port)/v1\n"
        try Data(yaml.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(provider).yaml"))
        var workers: [BenchProcess] = []
        defer { for worker in workers { worker.stop(SIGKILL) } }
        for _ in 0..<scene.workers { workers.append(try worker(workers.count, provider, trial.law)) }
        // They elect before there is work, as in a cluster that is up.
        try await Task.sleep(for: .seconds(3))

        let job = try submit(scene, provider)
        defer { try? cancel(job) }
        let begun = try await firstCall(port)
        try await play(scene, since: begun) { event in
            switch event {
            case .kill(let number): workers[number].stop(SIGKILL)
            case .join: workers.append(try worker(workers.count, provider, trial.law))
            case .freeze(let number): kill(workers[number].pid, SIGSTOP)
            case .thaw(let number): kill(workers[number].pid, SIGCONT)
            }
        }
        return try await read(trial, job, port, provider, begun)
    }

    private func worker(_ number: Int, _ provider: String, _ law: String) throws -> BenchProcess {
        let name = "\(provider)-w\(number)"
        return try BenchProcess(
            BenchProcess.own("worker"), ["run", "--providers", "\(provider).yaml", "--name", name],
            environment.merging(["TESSERA_THROTTLE_LAW": law]) { $1 },
            log: "\(folder)/\(name).log", folder: folder)
    }

    /// Service times vary by about 20 % in both simulators.
    private func options(_ endpoint: ThrottleScene.Endpoint, _ simulator: ThrottleSimulator) -> [String] {
        let latency = endpoint.latencyMilliseconds
        let isShipped = simulator.path == nil
        var options =
            isShipped
            ? ["--latency-ms", "\(latency)", "--latency-jitter", "0.2"]
            : ["--latency-dist", "lognormal:\(latency):0.12"]
        for model in endpoint.models {
            let time = isShipped ? "\(model.milliseconds)" : "lognormal:\(model.milliseconds):0.12"
            options += [
                "--model", model.name, "--model-latency", "\(model.name)=\(time)", "--model-concurrency",
                "\(model.name)=\(model.slots)",
            ]
        }
        if endpoint.failures > 0 {
            options += ["--error-rate", "\(endpoint.failures)"]
        }
        return options + endpoint.options
    }

    private func submit(_ scene: ThrottleScene, _ provider: String) throws -> String {
        let names = scene.endpoint.models.isEmpty ? ["model"] : scene.endpoint.models.map(\.name)
        var text = "columns:\n  - {name: id, column_type: sampler, sampler_type: uuid, params: {}}\n"
        for (place, name) in names.enumerated() {
            let needs = place > 0 && scene.isDependent ? "column_\(names[place - 1])" : "id"
            text += "  - {name: column_\(name), column_type: llm-text, model_alias: \(name), "
            text += "prompt: \"Describe {{ \(needs) }} and {{ id }} in one line.\"}\n"
        }
        text += "model_configs:\n"
        for name in names {
            text += "  - {alias: \(name), model: \(name), provider: \(provider), "
            text += "inference_parameters: {max_parallel_requests: \(scene.cap), max_tokens: 64}}\n"
        }
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(provider)-workflow.yaml"))
        let records = scene.records ?? 2_000_000
        return try BenchProcess.output(
            BenchProcess.own("coordinator"),
            ["submit", "\(provider)-workflow.yaml", "-n", "\(records)", "--name", provider], environment,
            folder: folder
        ).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func cancel(_ job: String) throws {
        _ = try BenchProcess.output(BenchProcess.own("coordinator"), ["cancel", job], environment, folder: folder)
    }

    private func stats(_ port: Int, _ path: String) throws -> JSONValue {
        try JSONValue(
            parsing: BenchProcess.output("/usr/bin/curl", ["-sf", "-m", "5", "http://127.0.0.1:\(port)/\(path)"]))
    }

    /// Waits for the simulator's first call; its clock begins there.
    private func firstCall(_ port: Int) async throws -> ContinuousClock.Instant {
        let start = ContinuousClock.now
        while start.duration(to: .now) < .seconds(30) {
            if let requests = try? stats(port, "stats?history=0")["requests"]?.intValue, requests > 0 { return .now }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw BenchError("no call in 30 s")
    }

    private func play(
        _ scene: ThrottleScene, since begun: ContinuousClock.Instant, _ act: (ThrottleScene.Event) throws -> Void
    ) async throws {
        for (second, event) in scene.events {
            try await Task.sleep(until: begun + .seconds(second), clock: .continuous)
            try act(event)
        }
        try await Task.sleep(until: begun + .seconds(Double(scene.seconds) + 1.2), clock: .continuous)
    }

    private func read(
        _ trial: ThrottleTrial, _ job: String, _ port: Int, _ provider: String, _ begun: ContinuousClock.Instant
    ) async throws -> ThrottleResult {
        let scene = trial.scene
        let elapsed = begun.duration(to: .now) / .seconds(1)
        let history = try stats(port, "stats")["per_second"]
        func ints(_ key: String) -> [Int] { history?[key]?.arrayValue?.map { $0.intValue ?? 0 } ?? [] }
        let rows = try await pool.run(
            Statement(
                """
                select extract(epoch from now() - at)::float8, calls, ceiling, in_flight, refused, state
                from limit_history where limit_key like $1 order by at
                """, [.text("%:\(port)/%|\(scene.endpoint.models.first?.name ?? "model")|%")]))
        var moments: [ThrottleRun.Moment] = []
        for row in rows {
            moments.append(
                ThrottleRun.Moment(
                    second: elapsed - (try row.double(0)), limit: Int(try row.int32(1)),
                    ceiling: Int(try row.int32(2)), inFlight: Int(try row.int32(3)), refused: Int(try row.int64(4)),
                    state: try row.text(5)))
        }
        let run = ThrottleRun(
            scene: scene, stats: { try stats(port, $0) }, served: ints("ok"), refused: ints("r429"),
            requests: ints("requests"),
            busy: history?["busy_slot_seconds"]?.arrayValue?.map { $0.doubleValue ?? 0 } ?? [], moments: moments,
            cells: try await cellsByWorker(job, seconds: elapsed - 10), completed: try await records(job, "completed"),
            droppedRecords: try await records(job, "dropped"), leadersAtEnd: try await leaders(provider))
        return ThrottleResult(trial: trial, run: run, figures: try scene.figures(run))
    }

    private func cellsByWorker(_ job: String, seconds: Double) async throws -> [String: Int] {
        let rows = try await pool.run(
            Statement(
                """
                select worker, count(*) from cells c join jobs j on j.number = c.job and j.storage = c.storage
                where j.id = $1 and stored_at > now() - $2 * interval '1 second' group by worker
                """, [.text(job), .float8(seconds)]))
        var cells: [String: Int] = [:]
        for row in rows { cells[try row.text(0)] = Int(try row.int64(1)) }
        return cells
    }

    private func records(_ job: String, _ column: String) async throws -> Int {
        let rows = try await pool.run(
            Statement(
                """
                select coalesce(sum(\(column)), 0)::bigint from row_groups g join jobs j on j.number = g.job
                where j.id = $1
                """, [.text(job)]))
        return Int(try rows[0].int64(0))
    }

    /// Leaders that any coordinator heard of the scene's limits in the last seconds.
    private func leaders(_ provider: String) async throws -> Double {
        let rows = try await pool.run(
            Statement(
                """
                select count(distinct status::json ->> 'leader')::float8 from route_limits
                where provider = $1 and at > now() - interval '3 seconds'
                """, [.text(provider)]))
        return try rows[0].double(0)
    }
}
