import Glibc
import Settings
import Testing

/// A folder of its own for one test, removed with this object.
private final class Folder {
    let path: String

    init() throws {
        var template = Array("/tmp/settings-XXXXXX".utf8CString)
        path = String(cString: try #require(mkdtemp(&template)))
    }

    deinit {
        for name in written { unlink(name) }
        for name in folders.reversed() { rmdir(name) }
        rmdir(path)
    }

    private var written: [String] = []
    private var folders: [String] = []

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        let parts = name.split(separator: "/")
        var folder = path
        for part in parts.dropLast() {
            folder += "/" + part
            if mkdir(folder, 0o700) == 0 { folders.append(folder) }
        }
        let file = path + "/" + name
        let stream = try #require(fopen(file, "w"))
        fputs(text, stream)
        fclose(stream)
        written.append(file)
        return file
    }
}

struct SettingsTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func load(
        flags: [SettingKey: String] = [:], environment: [String: String] = [:], configFile: String? = nil
    ) throws(SettingsError) -> Settings {
        var environment = environment
        environment["XDG_CONFIG_HOME"] = folder.path + "/xdg"
        return try Settings.load(
            flags: flags, environment: environment, directory: folder.path, configFile: configFile)
    }

    private func problems(_ text: String, environment: [String: String] = [:]) throws -> [String] {
        try folder.write("tessera.yaml", text)
        let error = #expect(throws: SettingsError.self) { try load(environment: environment) }
        return (error?.problems ?? []).map { $0.replacing(folder.path + "/", with: "") }
    }

    @Test func `without anything set the defaults stand`() throws {
        let settings = try load()
        #expect(settings.partitions == 16)
        #expect(settings.hold == .seconds(600))
        #expect(settings.drainTimeout == .seconds(25))
        #expect(settings.logLevel == "info")
        #expect(settings.logFormat == nil)
        #expect(settings.brokerURL == nil)
        #expect(settings[.brokerURL].origin == .nobody)
        #expect(settings[.partitions].origin == .default)
        #expect(settings.files.map(\.exists) == [false, false])
    }

    @Test func `a flag beats the environment, which beats the file, which beats the default`() throws {
        try folder.write("tessera.yaml", "concurrency: 1\npartitions: 2\nhold_seconds: 90\nlog_level: debug\n")
        try folder.write("xdg/tessera/config.yaml", "log_level: error\nserve: [nim-a, nvidia]\n")
        let settings = try load(
            flags: [.concurrency: "7"], environment: ["TESSERA_CONCURRENCY": "5", "TESSERA_PARTITIONS": "4"])
        #expect(settings.concurrency == 7)
        #expect(settings[.concurrency].origin.description == "flag --concurrency")
        #expect(settings.partitions == 4)
        #expect(settings[.partitions].origin.description == "environment TESSERA_PARTITIONS")
        #expect(settings.hold == .seconds(90))
        #expect(settings[.holdSeconds].origin.description == folder.path + "/tessera.yaml:3")
        #expect(settings.logLevel == "debug")
        #expect(settings.serve == ["nim-a", "nvidia"])
    }

    @Test func `a file named by a flag stands alone`() throws {
        try folder.write("tessera.yaml", "concurrency: 1\n")
        let other = try folder.write("other.yaml", "partitions: 3\n")
        let settings = try load(configFile: other)
        #expect(settings.concurrency == nil)
        #expect(settings.partitions == 3)

        let error = #expect(throws: SettingsError.self) { try load(configFile: folder.path + "/none.yaml") }
        #expect(error?.problems.first?.hasSuffix("/none.yaml: No such file or directory") == true)
    }

    @Test func `an unknown key is an error with its place and a suggestion`() throws {
        #expect(
            try problems("partitions: 4\nbroker_ulr: amqp://localhost\nfrobnicate: 1\n") == [
                "tessera.yaml:2:1: unknown setting \"broker_ulr\". Did you mean broker_url?",
                "tessera.yaml:3:1: unknown setting \"frobnicate\".",
            ])
    }

    @Test func `a value of the wrong kind is an error that says who set it`() throws {
        let found = try problems(
            "partitions: many\ndrain_timeout: soon\nlog_format: {a: 1}\n",
            environment: ["TESSERA_LOG_LEVEL": "inof", "TESSERA_CONCURRENCY": "0"])
        #expect(
            found == [
                "tessera.yaml:3:1: log_format must be one value",
                "tessera.yaml:1: partitions must be a whole number from 1 to 1024, not \"many\"",
                "environment TESSERA_LOG_LEVEL: log_level must be one of trace, debug, info, notice, warning, error, "
                    + "critical, not \"inof\". Did you mean info?",
                "environment TESSERA_CONCURRENCY: concurrency must be a whole number from 1 to 100000, not \"0\"",
                "tessera.yaml:2: drain_timeout must be a duration such as 25s or 1h30m, not \"soon\"",
            ])
    }

    @Test func `a file that is not YAML, not a mapping, or says a thing twice is an error`() throws {
        #expect(try problems("a: [").first?.hasPrefix("tessera.yaml: not YAML: line ") == true)
        #expect(try problems("- a\n") == ["tessera.yaml: must be a mapping of setting names to values"])
        #expect(try problems("partitions: 1\npartitions: 2\n").first?.contains("partitions") == true)
        try folder.write("tessera.yaml", "# nothing yet\n")
        #expect(try load().partitions == 16)
        try folder.write("tessera.yaml", "partitions:\n")
        #expect(try load().partitions == 16)
    }

    @Test func `a password comes from a file of its own and is shown as dots`() throws {
        let secret = try folder.write("broker", "amqp://tessera:s3cret@broker:5672/prod\n")
        let settings = try load(
            flags: [.databaseURL: "postgresql://app:pa@ss@db/tessera?sslmode=require"],
            environment: ["TESSERA_BROKER_URL_FILE": secret])
        #expect(settings.brokerURL == "amqp://tessera:s3cret@broker:5672/prod")
        #expect(settings[.brokerURL].shown == "amqp://tessera:••••@broker:5672/prod")
        #expect(settings[.brokerURL].origin.description == "environment TESSERA_BROKER_URL_FILE (\(secret))")
        #expect(settings[.databaseURL].shown == "postgresql://app:••••@db/tessera?sslmode=require")
        #expect(settings[.concurrency].shown == "-")
    }

    @Test func `a password in a settings file is refused without being repeated`() throws {
        let found = try problems("broker_url: amqp://tessera:s3cret@broker\ndatabase_url: host=db password=s3cret\n")
        #expect(found.count == 2)
        #expect(found.allSatisfy { $0.contains("holds a password") && !$0.contains("s3cret") })
        try folder.write("tessera.yaml", "broker_url: amqp://tessera@broker\n")
        #expect(try load().brokerURL == "amqp://tessera@broker")
    }

    @Test func `a value and a file for the same setting are one too many`() throws {
        let secret = try folder.write("broker", "amqp://a\n")
        let error = #expect(throws: SettingsError.self) {
            try load(environment: ["TESSERA_BROKER_URL": "amqp://b", "TESSERA_BROKER_URL_FILE": secret])
        }
        #expect(error?.problems == ["TESSERA_BROKER_URL and TESSERA_BROKER_URL_FILE are both set: unset one of them"])
        #expect(throws: SettingsError.self) {
            try load(environment: ["TESSERA_BROKER_URL_FILE": folder.path + "/none"])
        }
    }

    @Test func `a setting that is missing says how to set it`() throws {
        let settings = try load()
        let error = #expect(throws: SettingsError.self) { try settings.required(.brokerURL) }
        #expect(
            error?.description
                == "broker_url is not set: pass --broker, set TESSERA_BROKER_URL or write it in tessera.yaml")
    }

    @Test(arguments: [
        ("amqp://user:pw@host/v", "amqp://user:••••@host/v"), ("amqp://host", "amqp://host"),
        ("amqp://user@host", "amqp://user@host"), ("amqp://:pw@host?x=1", "amqp://:••••@host?x=1"),
        ("postgresql:///db?password=x&user=y", "postgresql:///db?password=••••&user=y"),
        ("host=db password='a b'", "••••"), ("host=db", "host=db"), ("amqp://user:@host", "amqp://user:••••@host"),
    ])
    func `dots stand for a password wherever it is`(_ text: String, _ shown: String) {
        #expect(SecretText.hidingPassword(in: text) == shown)
    }

    @Test func `every setting has its own names and a sentence`() {
        #expect(Set(SettingKey.all.map(\.name)).count == SettingKey.all.count)
        let flags = SettingKey.all.compactMap(\.flag)
        #expect(Set(flags).count == flags.count)
        for key in SettingKey.all { #expect(key.summary.hasSuffix("."), "\(key.name)") }
    }

    @Test func `the documentation has a row for every setting`() {
        let rows = SettingsDocument.markdown.split(separator: "\n")
        #expect(rows.count == SettingKey.all.count + 2)
        #expect(
            rows.contains(
                "| `partitions` | `TESSERA_PARTITIONS` |  | `16` | coordinator | How many parts the jobs are divided into; "
                    + "fixed when the database is first migrated. 1 to 1024. |"))
        #expect(
            rows.contains {
                $0.hasPrefix("| `broker_url` | `TESSERA_BROKER_URL`, `TESSERA_BROKER_URL_FILE` | `--broker` |")
            })
    }
}
