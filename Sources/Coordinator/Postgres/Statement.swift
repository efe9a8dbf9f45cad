/// One SQL command with its parameters, which stand as `$1`, `$2`, ... in the text.
package struct Statement: Sendable, Hashable {
    package var sql: String
    package var parameters: [Parameter]

    /// Whether a connection prepares the statement at its first use and keeps it, by its text, for later ones.
    package var isPrepared: Bool

    /// - Parameter isPrepared: false for text that is made up for one use (DDL, names in the text): it would only push
    ///   useful statements out of the connection's 256.
    package init(_ sql: String, _ parameters: [Parameter] = [], isPrepared: Bool = true) {
        self.sql = sql
        self.parameters = parameters
        self.isPrepared = isPrepared
    }
}
