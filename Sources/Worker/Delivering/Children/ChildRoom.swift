/// How many calls may be with child processes at once. What finds no room waits in its route, without a permit, and
/// keeps nobody else from a call.
struct ChildRoom: Hashable, Sendable {
    /// Cells that are only under suspicion share one child, and its memory. So many are most of a prefetch, which all
    /// are suspected when the broker went away twice; and leave each a few MiB.
    static let mostTogether = 256

    private(set) var together = 0
    private(set) var alone = 0

    /// How many more there may be.
    func left(for place: CallPlace) -> Int {
        switch place {
        case .worker: .max
        case .child: max(0, Self.mostTogether - together)
        case .aloneInChild: max(0, ChildPool.mostForOne - alone)
        }
    }

    mutating func enter(_ place: CallPlace) { count(place, 1) }

    mutating func leave(_ place: CallPlace) { count(place, -1) }

    private mutating func count(_ place: CallPlace, _ step: Int) {
        switch place {
        case .worker: break
        case .child: together += step
        case .aloneInChild: alone += step
        }
    }
}
