/// The right to have one call in flight. It comes from `LimitController.start` and goes back by `finish`, once.
package struct Permit: Hashable, Sendable {
    /// The decision under which the call was admitted: only a refusal of the current one moves the limit.
    package let epoch: Int
    package let startedAt: ContinuousClock.Instant
}
