/// How a call ended, as far as the limit cares.
package enum CallEnd: Hashable, Sendable {
    /// The endpoint answered, with whatever: it had a slot for the call.
    case served
    /// 429, or 503 and 529 with Retry-After; the wait is nil where the reply named none.
    case refused(retryAfter: Duration?)
    /// No answer that says anything about the limit: a timeout, a lost connection, an error of the server, a
    /// call that was taken back.
    case failed
}
