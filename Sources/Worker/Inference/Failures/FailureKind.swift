/// Why work on a cell failed: the closed list that is stored, counted and shown. The raw value is the word in SQL,
/// JSON, metrics and pages, and never changes.
package enum FailureKind: String, Hashable, Sendable, CaseIterable {
    // The endpoint has no room now.
    /// 429.
    case rateLimited = "rate_limited"
    /// 503 or 529 with Retry-After.
    case overloaded

    // The endpoint's or this worker's fault.
    /// No connection: refused, unreachable, unknown host.
    case connection
    /// The TLS handshake failed.
    case tls
    /// 502, 503 or 504 without Retry-After.
    case unavailable
    /// 401.
    case authentication
    /// 403.
    case permission
    /// 404: no such model or route; or a redirect, which is not followed.
    case notFound = "not_found"
    /// A call had no reply, and the endpoint does not say that it is there when it is asked.
    case unresponsive
    /// The account's money or quota is used up (402, or an error that says so), but not on 429.
    case quota

    // This one call's fault.
    /// No reply in time, or 408.
    case timeout
    /// 500, and every 5xx that has no other name.
    case serverError = "server_error"
    /// The connection ended before the reply did.
    case closedEarly = "closed_early"
    /// A reply that is no chat completion.
    case malformedReply = "malformed_reply"
    /// The reply is larger than a worker accepts: a model that does not stop may stop when it is asked again.
    case replyTooLarge = "reply_too_large"
    /// A worker could not read its task, which another version may have written.
    case unreadable

    // The model's answer.
    /// The answer cannot be parsed as what was asked for.
    case parse
    /// The answer parses and does not match its schema.
    case schema

    // The request's fault.
    /// 400.
    case badRequest = "bad_request"
    /// 413.
    case payloadTooLarge = "payload_too_large"
    /// The prompt is longer than the model's context.
    case contextWindow = "context_window"
    /// 422.
    case unprocessable
    /// Any other 4xx.
    case clientError = "client_error"
    /// The prompt cannot be rendered for this record.
    case template
    /// The value cannot be stored.
    case unstorable
    /// A child process died twice while it was alone with the cell.
    case poison

    package var family: FailureFamily {
        switch self {
        case .rateLimited, .overloaded: .limited
        case .connection, .tls, .unavailable, .authentication, .permission, .notFound, .unresponsive, .quota: .endpoint
        case .timeout, .serverError, .closedEarly, .malformedReply, .replyTooLarge, .unreadable: .call
        case .parse, .schema: .answer
        case .badRequest, .payloadTooLarge, .contextWindow, .unprocessable, .clientError, .template,
            .unstorable, .poison:
            .request
        }
    }

    /// Whether the same cell may succeed later. What is not retryable counts for early shutdown.
    package var isRetryable: Bool {
        switch family {
        case .limited, .endpoint, .call: true
        case .answer, .request: false
        }
    }

    /// Whether the same call is worth three quick tries before anything else happens.
    package var deservesQuickTries: Bool { self == .connection || self == .unavailable }

    /// Whether waiting does not help: somebody must mend a key, an account or a name. A job that waits for it is
    /// paused.
    package var needsOperator: Bool {
        switch self {
        case .authentication, .permission, .notFound, .quota: true
        default: false
        }
    }
}
