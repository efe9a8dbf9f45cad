import AMQP
import ArgumentParser
import Delivering
import Foundation
import Logging
import Monitoring
import Settings
import Telemetry

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take tasks and call models until SIGTERM.",
        discussion: """
            SIGTERM or SIGINT drains: no new task, what runs is finished within the drain timeout, the rest is handed \
            back uncharged, exit 0. A second signal hands everything back now.
            """)

    @OptionGroup var options: WorkerOptions

    @Option(help: "The worker's id. Default: the host's name and four random characters.")
    var name: String?

    @Option(help: "Most calls in flight, over all endpoints. Default: what the limits allow.")
    var concurrency: Int?

    @Option(help: "How long a drain waits for running calls, such as 25s or 2m.")
    var drainTimeout: String?

    @Option(help: "Serve metrics at this HOST:PORT (TESSERA_LISTEN); GET /metrics.")
    var listen: String?

    func run() async throws {
        let settings = try options.settings([
            .workerName: name, .concurrency: concurrency.map(String.init), .drainTimeout: drainTimeout,
            .listen: listen,
        ])
        let identity = try WorkerIdentity(name: settings.workerName)
        WorkerOptions.startLogging(settings, quiet: .info, metadata: ["worker": "\(identity.id)"])
        let logger = Logger(label: "worker")
        var configuration = WorkerConfiguration(
            id: identity.id, broker: try WorkerOptions.brokerURL(settings),
            providers: try WorkerOptions.providers(settings), host: identity.host)
        configuration.version = BuildInfo.version
        configuration.concurrency = settings.concurrency
        configuration.drainTimeout = settings.drainTimeout
        configuration.holdTime = settings.hold
        configuration.toolPath = WorkerOptions.environment["PATH"] ?? ""
        configuration.toolsAtOnce = max(1, ProcessInfo.processInfo.activeProcessorCount)
        configuration.throttleLaw = settings.throttleLaw.flatMap(WorkerConfiguration.ThrottleLaw.init) ?? .cluster
        configuration.childCommand = options.childCommand(settings)
        configuration.childEnvironment = WorkerOptions.environment.filter { $0.key != "TESSERA_CRASH_AT" }
        if let address = settings.listen {
            do throws(MonitoringError) {
                _ = try await Monitoring.start(address, program: "worker", version: BuildInfo.version, logger: logger)
            } catch {
                throw CommandFailure(.configuration, error.description)
            }
        }
        let service = WorkerService(configuration: configuration, logger: logger)
        let terminations = SignalStream.terminations()
        let signals = Task { await Self.obey(terminations, service, logger) }
        do {
            try await service.run()
        } catch let error as AMQPError {
            throw Self.failure(error)
        }
        signals.cancel()
        if let second = await signals.value { throw ExitCode(second.exitCode) }
    }

    /// What waiting does not mend is the configuration's fault.
    private static func failure(_ error: AMQPError) -> CommandFailure {
        let isRefused: Bool =
            switch error.code {
            case .accessRefused, .certificateRefused, .invalidURL: true
            default: false
            }
        return CommandFailure(isRefused ? .configuration : .unreachable, "the broker: \(error)")
    }

    /// The second signal, if one came before the service ended.
    private static func obey(
        _ terminations: AsyncStream<TerminationSignal>, _ service: WorkerService, _ logger: Logger
    ) async -> TerminationSignal? {
        var isDraining = false
        for await signal in terminations {
            if isDraining {
                logger.notice("handing everything back", metadata: ["event": "signal", "signal": "\(signal)"])
                service.returnEverythingNow()
                return signal
            }
            isDraining = true
            logger.notice("ending once what runs is finished", metadata: ["event": "signal", "signal": "\(signal)"])
            service.drain()
        }
        return nil
    }
}
