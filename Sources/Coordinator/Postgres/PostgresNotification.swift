/// What a NOTIFY of some session said.
package struct PostgresNotification: Sendable, Hashable {
    package let channel: String
    package let payload: String
    /// The process id of the server process that sent it; a session hears itself too.
    package let backend: Int32
}
