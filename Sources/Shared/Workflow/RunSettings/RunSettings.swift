import Foundation
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
        guard let data = FileManager.default.contents(atPath: path), data.count <= 1 << 20,
            let text = String(validating: data, as: UTF8.self)
        else {
            let start = SourceMark(line: 1, column: 1)
            let message = "the file cannot be read, does not exist, or is no text of at most 1 MiB"
            return Loaded(
                settings: nil, problems: [Problem(file: path, mark: start, path: "", message: message)], notes: [])
        }
        return load(text: text, name: path, format: WorkflowFormat(fileName: path))
    }

    /// Reads the text of a file; `name` is what problems call it.
    package static func load(text: String, name: String, format: WorkflowFormat) -> Loaded {
        let root: SourceNode
        do {
            root =
                switch format {
                case .yaml: try YAMLReader.read(text)
                case .json: try JSONReader.read(text)
                }
        } catch {
            let problem = Problem(file: name, mark: error.mark, path: "", message: error.message)
            return Loaded(settings: nil, problems: [problem], notes: [])
        }
        let log = ProblemLog(file: name, root: root)
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
