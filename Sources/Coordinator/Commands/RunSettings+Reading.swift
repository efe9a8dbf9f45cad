import Workflow

extension RunSettings {
    /// The settings of the file that `--run-config` names, the defaults without one; what does nothing is said.
    ///
    /// - Throws: exit 65 with every problem at once.
    static func reading(_ path: String?) throws -> RunSettings {
        guard let path else { return RunSettings() }
        let loaded = load(path: path)
        for note in loaded.notes { Talk.line("note: \(note)") }
        guard let settings = loaded.settings else {
            throw CommandFailure(
                .invalidWorkflow, "the run settings are not valid", details: loaded.problems.map(\.description))
        }
        return settings
    }
}
