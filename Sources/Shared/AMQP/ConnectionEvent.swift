/// What happens to a connection.
package enum ConnectionEvent: Sendable {
    /// Logged in, topology declared, ready to publish. `generation` counts the connections, from 1.
    case connected(generation: Int, server: ServerProperties)
    /// An established connection is gone; it is being made again. Not sent for a connection that was closed.
    case lost(AMQPError)
    /// The broker takes no messages for now (memory or disk); what is published waits.
    case blocked(String)
    case unblocked
}
