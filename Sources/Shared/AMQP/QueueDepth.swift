/// How a queue stood when the broker was asked, roughly: a quorum queue's numbers lag a little behind what it has done.
package struct QueueDepth: Hashable, Sendable {
    /// Messages waiting; those delivered and unacknowledged are not counted. For a few seconds after a broker's start
    /// a quorum queue says 0 whatever it holds.
    package let readyMessages: Int
    /// On a quorum queue a consumption that was cancelled counts as long as deliveries of it are unacknowledged.
    package let consumers: Int

    package init(readyMessages: Int, consumers: Int) {
        self.readyMessages = readyMessages
        self.consumers = consumers
    }
}
