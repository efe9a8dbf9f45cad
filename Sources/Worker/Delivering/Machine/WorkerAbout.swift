/// What a worker tells of itself beside its work.
struct WorkerAbout: Sendable {
    var version = ""
    var host = ""
    let startedAt: ContinuousClock.Instant
}
