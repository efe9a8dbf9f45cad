/// Why something asked of the broker did not happen.
///
/// Never holds a password or a payload. For what becomes of a published message see ``PublishOutcome``.
package struct AMQPError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it was; more may be added.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        package let description: String

        /// A broker URL that cannot be used; `detail` says what is wrong with it.
        package static let invalidURL = Code(description: "invalid URL")
        /// No TCP connection: host unknown, connection refused, or no answer in time.
        package static let unreachable = Code(description: "unreachable")
        /// The TLS handshake failed.
        package static let tlsFailed = Code(description: "TLS failed")
        /// The peer's certificate, or the name in it, was not accepted.
        package static let certificateRefused = Code(description: "certificate refused")
        /// Wrong user, password or virtual host, or a right that this user lacks (403, 530).
        package static let accessRefused = Code(description: "access refused")
        /// There was no connection, and none came about in time.
        package static let notConnected = Code(description: "not connected")
        /// The connection went away while it was needed; what was asked may or may not have been done.
        package static let connectionLost = Code(description: "connection lost")
        /// The broker sent nothing for two heartbeats.
        package static let heartbeatMissed = Code(description: "heartbeat missed")
        /// The broker did not answer in time; the connection is given up for it.
        package static let timedOut = Code(description: "timed out")
        /// A queue or an exchange that does not exist (404).
        package static let notFound = Code(description: "not found")
        /// Something exclusive that another connection holds (405); it goes away with that connection.
        package static let resourceLocked = Code(description: "resource locked")
        /// Something exists with other properties, or a delivery tag was wrong, or an acknowledgement too late (406).
        package static let preconditionFailed = Code(description: "precondition failed")
        /// The broker closed the channel for another reason.
        package static let refused = Code(description: "refused")
        /// What the broker sent makes no sense here.
        package static let protocolViolation = Code(description: "protocol violation")
        /// A value that AMQP cannot carry, such as a name over 255 bytes.
        package static let invalidArgument = Code(description: "invalid argument")
        /// The connection, or the consumer, was closed by this side.
        package static let closed = Code(description: "closed")
    }

    package let code: Code
    /// What was being done, such as "declare queue tessera.dead".
    package let operation: String
    /// The library's or the broker's own words.
    package let detail: String
    /// The broker's reply code, such as 404; nil when the failure is not the broker's answer.
    package let replyCode: Int?

    package init(_ code: Code, _ operation: String, _ detail: String, replyCode: Int? = nil) {
        self.code = code
        self.operation = operation
        self.detail = detail
        self.replyCode = replyCode
    }

    /// Whether the same call may succeed later without anybody changing anything.
    package var isRetryable: Bool {
        switch code {
        case .unreachable, .tlsFailed, .notConnected, .connectionLost, .heartbeatMissed, .timedOut, .resourceLocked,
            .protocolViolation:
            true
        // A virtual host that is still starting is refused in the same way as one that does not exist.
        case .accessRefused: detail.hasSuffix("is down")
        default: false
        }
    }

    package var description: String { "\(operation): \(code): \(detail)" }
}

extension AMQPError {
    /// A channel that the broker closed.
    static func channelClosed(_ replyCode: Int, _ text: String, during operation: String) -> AMQPError {
        let code: Code =
            switch replyCode {
            case 403: .accessRefused
            case 404: .notFound
            case 405: .resourceLocked
            case 406: .preconditionFailed
            default: .refused
            }
        return AMQPError(code, operation, text, replyCode: replyCode)
    }

    /// A connection that the broker closed, in the login or later.
    static func connectionClosed(_ replyCode: Int, _ text: String, during operation: String) -> AMQPError {
        let code: Code =
            switch replyCode {
            case 403, 530: .accessRefused
            case 501...505: .protocolViolation
            default: .connectionLost
            }
        return AMQPError(code, operation, text, replyCode: replyCode)
    }
}
