import AMQP
import ArgumentParser
import Checks
import Foundation
import Inference
import Logging
import Settings
import Spelling
import Telemetry

/// What `run` and `check` have in common: where the broker is, and which providers are served.
struct WorkerOptions: ParsableArguments {
    @Option(help: "The file that maps providers to endpoints (TESSERA_PROVIDERS).")
    var providers: String?

    @Option(help: "The providers to serve, with commas between them (TESSERA_SERVE). Default: all of the file.")
    var serve: String?

    @Option(help: "RabbitMQ's URL (TESSERA_BROKER_URL).")
    var broker: String?

    @Option(help: "A settings file instead of ./tessera.yaml.")
    var config: String?

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?

    @Option(help: "text, json or auto.")
    var logFormat: String?

    /// Reads the settings.
    ///
    /// - Parameter flags: what the command's own flags say.
    func settings(_ flags: [SettingKey: String?] = [:]) throws(CommandFailure) -> Settings {
        var given = flags.compactMapValues { $0 }
        given[.providers] = providers
        given[.serve] = serve
        given[.brokerURL] = broker
        given[.logLevel] = logLevel
        given[.logFormat] = logFormat
        do throws(SettingsError) {
            return try Settings.load(flags: given, environment: Self.environment, configFile: config)
        } catch {
            throw CommandFailure(.configuration, "the settings are wrong", details: error.problems)
        }
    }

    /// Starts logging: to be called once.
    ///
    /// - Parameter quiet: the level where nobody set one.
    static func startLogging(_ settings: Settings, quiet: Logger.Level, metadata: Logger.Metadata = [:]) {
        let isSet = settings[.logLevel].origin != .default
        let level = isSet ? Logger.Level(named: settings.logLevel) ?? quiet : quiet
        SignalStream.ignoreBrokenPipes()
        Telemetry.bootstrap(
            level: level, format: settings.logFormat.flatMap(LogFormat.init(rawValue:)), metadata: metadata)
    }

    static func brokerURL(_ settings: Settings) throws(CommandFailure) -> BrokerURL {
        let text: String
        do throws(SettingsError) { text = try settings.required(.brokerURL) } catch {
            throw CommandFailure(.configuration, "no broker is set", details: error.problems)
        }
        do throws(AMQPError) { return try BrokerURL(text) } catch {
            throw CommandFailure(.configuration, "broker_url is wrong", details: [error.detail])
        }
    }

    static func providers(_ settings: Settings) throws(CommandFailure) -> [Provider] {
        do throws(ProviderError) {
            let table =
                if let path = settings.providers {
                    try ProviderFile.load(path, suggestion: Suggestion.question)
                } else {
                    ProviderTable()
                }
            return try table.resolve(
                serve: settings.serve, environment: environment,
                // A worker may be there for its tools alone.
                allowsNone: ToolProgram.areAny(in: environment["PATH"] ?? ""), suggestion: Suggestion.question)
        } catch {
            throw CommandFailure(.configuration, "the providers are wrong", details: error.problems)
        }
    }

    /// This program as a child process, with the same providers. By its link in /proc: it may be replaced while it
    /// runs.
    func childCommand(_ settings: Settings) -> [String] {
        var command = ["/proc/self/exe", "child", "--memory-bytes", "\(Self.childMemoryBytes)"]
        for (flag, value) in [("--config", config), ("--log-level", logLevel), ("--log-format", logFormat)] {
            if let value { command += [flag, value] }
        }
        if let file = settings.providers { command += ["--providers", file] }
        if let serve { command += ["--serve", serve] }
        return command
    }

    /// Enough for the largest prompt and reply that a message may bring, many times over.
    private static let childMemoryBytes = 1 << 30

    static var environment: [String: String] { ProcessInfo.processInfo.environment }
}
