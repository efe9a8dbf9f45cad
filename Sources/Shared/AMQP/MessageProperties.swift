/// The properties of a delivered message that are used here.
package struct MessageProperties: Hashable, Sendable {
    package var replyTo: String?
    package var correlationID: String?
    package var headers: [String: FieldValue]
    /// This side's publish sequence number; tells which message a basic.return is about.
    var messageID: String?

    package init(replyTo: String? = nil, correlationID: String? = nil, headers: [String: FieldValue] = [:]) {
        self.replyTo = replyTo
        self.correlationID = correlationID
        self.headers = headers
    }
}
