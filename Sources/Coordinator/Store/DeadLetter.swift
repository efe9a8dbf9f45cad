package import Postgres

/// A message that nobody can use, kept for a person to look at.
package struct DeadLetter: Sendable {
    package let reason: String
    package let routingKey: String
    package let body: [UInt8]

    package init(reason: String, routingKey: String, body: [UInt8]) {
        self.reason = reason
        self.routingKey = routingKey
        self.body = body
    }

    package var insert: Statement {
        Statement(
            "insert into dead_letters (reason, routing_key, body) values ($1, $2, $3)",
            [.text(reason), .text(routingKey), .bytes(body)])
    }
}
