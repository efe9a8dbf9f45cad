import JSON

/// Data Designer's `RunConfig`: how a job is run, in a file of its own beside the workflow.
package struct RunSettings: Sendable, Hashable {
    /// Records of a row group; nil: as many as suit the data.
    package var bufferSize: Int?
    /// Conversations begun anew for one cell whose answers cannot be used.
    package var maximumRestarts = 5
    /// Corrections in each of them.
    package var maximumCorrections = 0

    /// A job goes on whatever its failures.
    package var disablesEarlyShutdown = false
    /// The share of failures that pauses a job, and among how many cells; nil: the default.
    package var shutdownErrorRate: Double?
    package var shutdownErrorWindow: Int?
    /// Tessera's own: seconds that the job may wait for an endpoint that refuses, before it is paused; nil: for ever.
    package var maximumThrottledSeconds: Double?
    /// Tessera's own: how often a cell whose failure may pass is tried again; nil: twice.
    package var salvageMaximumRounds: Int?
    /// How the limits of its endpoints move.
    package var throttle = ThrottleSettings()

    package init() {}

    /// What `load` found.
    package struct Loaded: Sendable {
        /// Nil where there are problems.
        package let settings: RunSettings?
        package let problems: [Problem]
        /// What was set and has no meaning here, each with the reason.
        package let notes: [Problem]
    }

    /// Reads a file: a mapping of `RunConfig`'s fields, YAML or JSON.
    package static func load(path: String) -> Loaded {
        do throws(SourceError) {
            return load(try DocumentText.read(path, maximumMebibytes: 1))
        } catch {
            return Loaded(settings: nil, problems: [error.problem(in: path)], notes: [])
        }
    }

    /// Reads the text of a file; `name` is what problems call it.
    package static func load(text: String, name: String, format: WorkflowFormat) -> Loaded {
        load(DocumentText(text: text, name: name, format: format))
    }

    private static func load(_ document: DocumentText) -> Loaded {
        let root: SourceNode
        do throws(SourceError) {
            root = try document.root()
        } catch {
            return Loaded(settings: nil, problems: [error.problem(in: document.name)], notes: [])
        }
        let log = ProblemLog(file: document.name, root: root)
        let settings = RunSettingsReader(log: log).settings(root)
        return Loaded(
            settings: log.problems.isEmpty ? settings : nil, problems: log.sortedProblems, notes: log.warnings)
    }

    // MARK: Stored with a job

    /// As `jobs.run_config` holds them.
    package var stored: String {
        var object: JSONObject = [
            "max_conversation_restarts": .integer(Int64(maximumRestarts)),
            "max_conversation_correction_steps": .integer(Int64(maximumCorrections)),
        ]
        if let bufferSize { object["buffer_size"] = .integer(Int64(bufferSize)) }
        if disablesEarlyShutdown { object["disable_early_shutdown"] = true }
        if let shutdownErrorRate { object["shutdown_error_rate"] = .number(shutdownErrorRate) }
        if let shutdownErrorWindow { object["shutdown_error_window"] = .integer(Int64(shutdownErrorWindow)) }
        if let maximumThrottledSeconds { object["max_throttled_seconds"] = .number(maximumThrottledSeconds) }
        if let salvageMaximumRounds { object["salvage_max_rounds"] = .integer(Int64(salvageMaximumRounds)) }
        if throttle != ThrottleSettings() { object["throttle"] = throttle.stored }
        return JSONValue.object(object).serialized()
    }

    /// From what `stored` gave; what is missing or cannot be read has its default.
    package init(stored: String) {
        guard let object = (try? JSONValue(parsing: stored))?.objectValue else { return }
        bufferSize = object["buffer_size"]?.intValue
        disablesEarlyShutdown = object["disable_early_shutdown"]?.boolValue ?? false
        shutdownErrorRate = object["shutdown_error_rate"]?.doubleValue
        shutdownErrorWindow = object["shutdown_error_window"]?.intValue
        maximumThrottledSeconds = object["max_throttled_seconds"]?.doubleValue
        salvageMaximumRounds = object["salvage_max_rounds"]?.intValue
        if let stored = object["throttle"] { throttle = ThrottleSettings(stored: stored) }
        maximumRestarts = object["max_conversation_restarts"]?.intValue ?? maximumRestarts
        maximumCorrections = object["max_conversation_correction_steps"]?.intValue ?? maximumCorrections
    }
}
