import AMQP
import ArgumentParser
import Collecting
import Foundation
import Logging
import Monitoring
import Postgres
import Settings
import Telemetry

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a coordinator until SIGTERM; several share the work, and replace each other.",
        discussion: """
            SIGTERM or SIGINT gives its partitions up in order: what was delivered is stored, nothing is repeated, exit \
            0. A second signal ends it at once; the others go on from the database.
            """)

    @Flag(help: "Bring the database's schema up to date first.")
    var migrate = false

    @Option(help: "Serve metrics at this HOST:PORT (TESSERA_LISTEN); GET /metrics.")
    var listen: String?

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let settings = try common.load(quiet: .info)
        if let address = listen ?? settings.listen {
            do throws(MonitoringError) {
                _ = try await Monitoring.start(
                    address, program: "coordinator", version: BuildInfo.version, logger: Logger(label: "coordinator"))
            } catch {
                throw CommandFailure(.configuration, error.description)
            }
        }
        if migrate { _ = try await DatabaseMigration.run(settings) }
        let logger = Logger(label: "coordinator")
        let service = CoordinatorService(
            .init(
                id: Self.identity, database: try ClientDatabase.url(settings), broker: try Self.broker(settings),
                hold: settings.hold),
            logger: logger)
        let signals = Task {
            var count = 0
            for await signal in SignalStream.terminations() {
                count += 1
                if count > 1 { Foundation.exit(signal.exitCode) }
                logger.notice("stopping", metadata: ["event": "stopping"])
                service.stop()
            }
        }
        defer { signals.cancel() }
        do {
            try await service.run()
        } catch let error as PostgresError where error.sqlState == .undefinedTable {
            throw CommandFailure(.unreachable, MissingSchemaText.text, next: "Type: coordinator migrate")
        } catch let error as MissingSchema {
            throw CommandFailure(.unreachable, error.description)
        } catch let error as AMQPError {
            throw CommandFailure(.unreachable, "the broker: \(error)")
        }
    }

    static func broker(_ settings: Settings) throws -> BrokerURL {
        do throws(SettingsError) {
            return try broker(try settings.required(.brokerURL))
        } catch {
            throw CommandFailure(.configuration, "no broker is set", details: error.problems)
        }
    }

    private static func broker(_ text: String) throws(SettingsError) -> BrokerURL {
        do throws(AMQPError) { return try BrokerURL(text) } catch {
            throw SettingsError(["broker_url: \(error.detail)"])
        }
    }

    /// Unique for each start: a coordinator that comes back is another one.
    private static var identity: String {
        let host = ProcessInfo.processInfo.hostName.split(separator: ".").first.map(String.init) ?? "host"
        return "\(host)-\(getpid())-\(String(UInt32.random(in: 0 ... .max), radix: 36))"
    }
}
