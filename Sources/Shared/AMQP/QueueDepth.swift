/// How a queue stood when the broker was asked.
package struct QueueDepth: Hashable, Sendable {
    /// Messages waiting; those delivered and unacknowledged are not counted. For a few seconds after a broker's start
    /// a quorum queue says 0 whatever it holds.
    package let readyMessages: Int
    package let consumers: Int

    package init(readyMessages: Int, consumers: Int) {
        self.readyMessages = readyMessages
        self.consumers = consumers
    }
}
