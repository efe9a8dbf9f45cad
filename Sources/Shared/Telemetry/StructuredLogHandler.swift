package import Logging

/// Writes log lines with fixed keys, as JSON or as `key=value` (experience: "Metrics and logs").
package struct StructuredLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata
    package var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let format: LogFormat
    private let sink: LogSink

    /// - Parameter metadata: on every line, such as the worker's id; a line's own wins.
    package init(
        label: String, level: Logger.Level, format: LogFormat, metadata: Logger.Metadata = [:],
        sink: LogSink = .standardError
    ) {
        self.label = label
        self.logLevel = level
        self.format = format
        self.metadata = metadata
        self.sink = sink
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var fields = metadata
        if let provided = metadataProvider?.get() { fields.merge(provided) { own, _ in own } }
        if let own = event.metadata { fields.merge(own) { _, own in own } }
        if let error = event.error, fields["error"] == nil { fields["error"] = .string(String(describing: error)) }
        let line = LogLine(
            timestamp: .now, level: event.level, message: event.message.description, label: label, metadata: fields)
        sink.write(line, format)
    }
}
