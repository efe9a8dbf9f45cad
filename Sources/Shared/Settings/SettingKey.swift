/// One setting: its names, what it takes, and what it is for. `SettingKey.all` is the one list of them.
package struct SettingKey: Hashable, Sendable {
    /// What a value must be.
    package enum Kind: Hashable, Sendable {
        case text
        /// A file, relative to the working directory.
        case path
        /// A URL that may hold a password: such a one is refused in a settings file, and shown as dots.
        case serviceURL
        case integer(ClosedRange<Int>)
        /// As `DurationText` reads it.
        case duration
        case choice([String])
        /// Words with commas between them; a list in a file.
        case list
    }

    package enum Program: String, Hashable, Sendable, CaseIterable {
        case coordinator
        case worker
    }

    /// The key in a settings file, snake_case.
    package let name: String
    /// The long flag without its dashes; nil where no command has one.
    package let flag: String?
    package let kind: Kind
    /// The text that stands where nobody set one; nil: nothing.
    package let defaultText: String?
    /// One sentence for people.
    package let summary: String
    package let programs: [Program]

    /// `TESSERA_` and the name in capitals.
    package var environment: String { "TESSERA_" + name.uppercased() }

    /// The variable that names a file with the value, for settings that may hold a secret; else nil.
    package var fileEnvironment: String? { isSecret ? environment + "_FILE" : nil }

    /// Whether the value may hold a password.
    package var isSecret: Bool { kind == .serviceURL }

    fileprivate init(
        _ name: String, flag: String? = nil, _ kind: Kind, default defaultText: String? = nil,
        for programs: [Program] = Program.allCases, _ summary: String
    ) {
        self.name = name
        self.flag = flag
        self.kind = kind
        self.defaultText = defaultText
        self.programs = programs
        self.summary = summary
    }
}

extension SettingKey {
    package static let databaseURL = SettingKey(
        "database_url", flag: "database", .serviceURL, for: [.coordinator],
        "PostgreSQL, as postgresql://user:password@host/database or as libpq's key=value text.")
    package static let brokerURL = SettingKey(
        "broker_url", flag: "broker", .serviceURL, "RabbitMQ, as amqp://user:password@host:5672/vhost or amqps://.")
    package static let partitions = SettingKey(
        "partitions", .integer(1...1024), default: "16", for: [.coordinator],
        "How many parts the jobs are divided into; fixed when the database is first migrated.")
    package static let holdSeconds = SettingKey(
        "hold_seconds", .integer(1...86_400), default: "600",
        "Longest time a worker holds a delivery, in seconds; under half of the broker's consumer_timeout.")
    package static let logLevel = SettingKey(
        "log_level", flag: "log-level",
        .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]), default: "info",
        "The least important lines that are logged.")
    package static let logFormat = SettingKey(
        "log_format", flag: "log-format", .choice(["auto", "text", "json"]), default: "auto",
        "How log lines are written; auto: text on a terminal, else JSON.")
    package static let workerName = SettingKey(
        "worker_name", flag: "name", .text, for: [.worker],
        "The worker's id; by default the host's name and four random characters.")
    package static let providers = SettingKey(
        "providers", flag: "providers", .path, "The file that maps providers to endpoints (providers.yaml).")
    package static let serve = SettingKey(
        "serve", flag: "serve", .list, for: [.worker],
        "The providers that this worker serves; by default all of its file.")
    package static let concurrency = SettingKey(
        "concurrency", flag: "concurrency", .integer(1...100_000), for: [.worker],
        "Most calls in flight of this worker, over all endpoints; by default what the limits allow.")
    package static let drainTimeout = SettingKey(
        "drain_timeout", flag: "drain-timeout", .duration, default: "25s", for: [.worker],
        "How long a draining worker waits for its running calls before it hands their tasks back.")

    package static let throttleLaw = SettingKey(
        "throttle_law", .choice(["cluster", "documented"]), default: "cluster", for: [.worker],
        "How the limit of an endpoint moves: one for the cluster, or Data Designer's, each worker on its own.")

    package static let listen = SettingKey(
        "listen", flag: "listen", .text,
        "Where metrics are served (HOST:PORT, such as 127.0.0.1:9465); by default nowhere.")

    /// Every setting, in the order in which they are shown.
    package static let all: [SettingKey] = [
        databaseURL, brokerURL, partitions, holdSeconds, logLevel, logFormat, workerName, providers, serve, concurrency,
        drainTimeout, throttleLaw, listen,
    ]

    /// The setting of that name, or nil.
    package static func named(_ name: String) -> SettingKey? { all.first { $0.name == name } }
}
