/// How far a worker is on its way out.
enum WorkerPhase: Hashable, Sendable {
    case serving
    /// Nothing starts; what runs is finished, until then.
    case draining(until: ContinuousClock.Instant)
    /// Everything was handed back, and is being confirmed, until then.
    case returning(until: ContinuousClock.Instant)
    case finished
}
