/// Reads a `RunConfig` file. Every field that the library has is taken; one that has no meaning here is noted, once.
struct RunSettingsReader {
    let log: ProblemLog

    /// What is set and does nothing, and why.
    private static let withoutMeaning: [(key: String, reason: String)] = [
        ("max_concurrent_row_groups", "row groups are begun as the endpoints need them, within bounds of memory"),
        ("max_in_flight_tasks", "the limit of each endpoint says how many calls are under way"),
        ("non_inference_max_parallel_workers", "computed columns are computed where the data is"),
        ("async_trace", "the job's timeline says what happened"),
        ("write_scheduler_events", "the job's timeline says what happened"),
        ("display_tui", "how progress is shown is the command's business"),
        ("progress_interval", "how progress is shown is the command's business"),
        ("progress_bar", "how progress is shown is the command's business"),
        ("otel_metrics_port", "coordinators and workers have addresses of their own"),
        ("preserve_dropped_columns", "an export always has the dropped columns, in files of their own"),
        ("jinja_rendering_engine", "there is one engine, which runs what either of the library's does"),
    ]

    func settings(_ root: SourceNode) -> RunSettings {
        var settings = RunSettings()
        guard let fields = FieldReader(root, at: .root, as: "run settings", log) else { return settings }
        settings.bufferSize = fields.integer("buffer_size", atLeast: 1)
        if let size = settings.bufferSize, size > 100_000 {
            log.report(fields.path["buffer_size"], "must be at most 100000: a row group is in memory as a whole")
        }
        settings.maximumRestarts = bounded("max_conversation_restarts", fields, default: settings.maximumRestarts)
        settings.maximumCorrections = bounded(
            "max_conversation_correction_steps", fields, default: settings.maximumCorrections)
        settings.disablesEarlyShutdown = fields.boolean("disable_early_shutdown", default: false)
        settings.shutdownErrorRate = fields.number("shutdown_error_rate")
        settings.shutdownErrorWindow = fields.integer("shutdown_error_window", atLeast: 1)
        let (throttle, forJob) = ThrottleSettingsReader(log: log).settings(fields)
        settings.throttle = throttle
        settings.maximumThrottledSeconds = fields.number("max_throttled_seconds") ?? forJob.maximumThrottledSeconds
        settings.salvageMaximumRounds = forJob.salvageMaximumRounds
        if let seconds = settings.maximumThrottledSeconds, seconds <= 0 {
            log.report(fields.path["max_throttled_seconds"], "must be above 0, not \(seconds)")
        }
        checkEngine(fields)
        checkOthers(fields)
        fields.finish()
        for (key, reason) in Self.withoutMeaning where fields.keys.contains(key) {
            log.warn(fields.path[key], "is taken and does nothing: \(reason)")
        }
        return settings
    }

    private func bounded(_ key: String, _ fields: FieldReader, default fallback: Int) -> Int {
        let value = fields.integer(key, atLeast: 0, default: fallback)
        if value > 100 { log.report(fields.path[key], "must be at most 100, not \(value)") }
        return value
    }

    private func checkEngine(_ fields: FieldReader) {
        guard let engine = fields.text("jinja_rendering_engine"), !["secure", "native"].contains(engine) else { return }
        log.reportWord(engine, fields.path["jinja_rendering_engine"], among: ["secure", "native"])
    }

    private func checkOthers(_ fields: FieldReader) {
        for key in [
            "async_trace", "write_scheduler_events", "display_tui", "progress_bar",
            "preserve_dropped_columns",
        ] {
            // The deprecated ones are written as null.
            if fields.node(key) != nil { _ = fields.boolean(key, default: false) }
        }
        if let rate = fields.number("shutdown_error_rate"), !(0...1).contains(rate) {
            log.report(fields.path["shutdown_error_rate"], "must be within 0 and 1, not \(rate)")
        }
        for key in [
            "max_concurrent_row_groups", "max_in_flight_tasks",
            "non_inference_max_parallel_workers",
        ] {
            _ = fields.integer(key, atLeast: 1)
        }
        if let interval = fields.number("progress_interval"), interval <= 0 {
            log.report(fields.path["progress_interval"], "must be above 0, not \(interval)")
        }
        if let port = fields.integer("otel_metrics_port"), !(0...65_535).contains(port) {
            log.report(fields.path["otel_metrics_port"], "must be a port, not \(port)")
        }
    }
}
