import ArgumentParser
import Foundation
import Logging
import Settings
import Telemetry

/// Flags that every command takes; each overrides an environment variable and a line of the settings file.
struct CommonOptions: ParsableArguments {
    @Option(name: .long, help: "PostgreSQL's URL (TESSERA_DATABASE_URL).")
    var database: String?

    @Option(name: .long, help: "RabbitMQ's URL (TESSERA_BROKER_URL).")
    var broker: String?

    @OptionGroup var local: LocalOptions

    /// Reads the settings and starts logging: to be called once.
    ///
    /// - Parameter quiet: the level where nobody set one; commands for people log only what is wrong.
    func load(quiet: Logger.Level = .warning) throws -> Settings {
        var flags: [SettingKey: String] = [:]
        flags[.databaseURL] = database
        flags[.brokerURL] = broker
        return try local.load(flags, quiet: quiet)
    }
}

/// The flags of a command that needs no services, or has its own.
struct LocalOptions: ParsableArguments {
    @Option(name: .long, help: "A settings file instead of ./tessera.yaml.")
    var config: String?

    @Option(name: .long, help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?

    @Option(name: .long, help: "text, json or auto.")
    var logFormat: String?

    /// Reads the settings and starts logging: to be called once.
    ///
    /// - Parameters:
    ///   - given: settings that the command's own flags give.
    ///   - quiet: the level where nobody set one; commands for people log only what is wrong.
    func load(_ given: [SettingKey: String] = [:], quiet: Logger.Level = .warning) throws -> Settings {
        var flags = given
        flags[.logLevel] = logLevel
        flags[.logFormat] = logFormat
        let settings: Settings
        do throws(SettingsError) {
            settings = try Settings.load(
                flags: flags, environment: ProcessInfo.processInfo.environment, configFile: config)
        } catch {
            throw CommandFailure(.configuration, "the settings are wrong", details: error.problems)
        }
        let isSet = settings[.logLevel].origin != .default
        let level = isSet ? Logger.Level(named: settings.logLevel) ?? quiet : quiet
        SignalStream.ignoreBrokenPipes()
        Telemetry.bootstrap(level: level, format: settings.logFormat.flatMap(LogFormat.init(rawValue:)))
        return settings
    }
}
