package import Logging

/// What a process does once, first of all, to be observed.
package enum Telemetry {
    /// Sends every `Logger` of the process to stderr. To be called once, before any logger is made; a second call ends
    /// the process.
    ///
    /// - Parameters:
    ///   - format: nil: text on a terminal, else JSON.
    ///   - metadata: on every line of the process, such as the worker's id.
    package static func bootstrap(level: Logger.Level, format: LogFormat? = nil, metadata: Logger.Metadata = [:]) {
        let format = format ?? .automatic()
        LoggingSystem.bootstrap(
            { label, provider in
                var handler = StructuredLogHandler(label: label, level: level, format: format, metadata: metadata)
                handler.metadataProvider = provider
                return handler
            }, metadataProvider: nil)
    }
}

extension Logger.Level {
    /// A level by its name, in any case; `warn` is `warning`. Nil for other words.
    package init?(named name: String) {
        let name = name.lowercased()
        self.init(rawValue: name == "warn" ? "warning" : name)
    }
}
