import EventLoop

/// Keeps an event loop running for the actors on it, and ends its thread when the last of them is gone.
///
/// Each actor holds one: the job that ends an actor on the loop would be dropped by a loop that was stopped before.
final class LoopOwner: Sendable {
    let loop: EventLoop
    private let stopsLoop: Bool

    /// A loop of its own, unless one is given; that one is its owner's to stop.
    init(_ loop: EventLoop?) {
        self.loop = loop ?? EventLoop(name: "postgres")
        stopsLoop = loop == nil
    }

    deinit {
        if stopsLoop { loop.stop() }
    }
}
