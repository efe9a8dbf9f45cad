/// The settings by name, as what they are. Values were checked when they were loaded.
extension Settings {
    package var databaseURL: String? { self[.databaseURL].text }
    package var brokerURL: String? { self[.brokerURL].text }
    package var partitions: Int { integer(.partitions) ?? 16 }
    package var hold: Duration { .seconds(integer(.holdSeconds) ?? 600) }
    /// A level's name, such as `info`.
    package var logLevel: String { self[.logLevel].text ?? "info" }
    /// `text` or `json`; nil: by whether stderr is a terminal.
    package var logFormat: String? { self[.logFormat].text.flatMap { $0 == "auto" ? nil : $0 } }
    package var workerName: String? { self[.workerName].text }
    /// A path.
    package var providers: String? { self[.providers].text }
    /// Empty: all.
    package var serve: [String] { self[.serve].text.map(SettingKey.elements) ?? [] }
    /// Nil: no limit of the worker's own.
    package var concurrency: Int? { integer(.concurrency) }
    package var throttleLaw: String? { self[.throttleLaw].text }
    /// `HOST:PORT`; nil: nowhere.
    package var listen: String? { self[.listen].text }
    package var drainTimeout: Duration { self[.drainTimeout].text.flatMap(DurationText.parse) ?? .seconds(25) }

    private func integer(_ key: SettingKey) -> Int? { self[key].text.flatMap { Int($0) } }
}
