/// A mean in which the last 20 or so values count.
struct MovingMean: Hashable, Sendable {
    private(set) var value: Double?

    mutating func add(_ new: Double) {
        value = value.map { $0 + (new - $0) * 0.05 } ?? new
    }
}
