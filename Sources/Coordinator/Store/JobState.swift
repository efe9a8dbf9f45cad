/// The states of a job, a closed list (docs/operations.md). With-dropped and partial are counts, not states.
package enum JobState: String, Sendable, CaseIterable {
    case queued, running, waiting, paused, completed, cancelled, failed

    /// Nothing more will happen to it by itself.
    package var isEnded: Bool { self == .completed || self == .cancelled || self == .failed }
}
