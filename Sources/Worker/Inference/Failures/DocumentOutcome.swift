package import HTTP
package import JSON

/// What a call brought to an endpoint that is no model's: a JSON document.
package enum DocumentOutcome: Sendable {
    case document(JSONValue)
    /// See the failure's kind and family for what is to be done.
    case failed(CallFailure)
    /// The worker itself ended the call. Not a failure of anything.
    case cancelled

    /// - Parameters:
    ///   - sent: texts of the request, which a failure's message never repeats.
    ///   - endpoint: its key is not repeated either.
    package init(_ result: Result<HTTPResponse, HTTPError>, sent: [String], by endpoint: Endpoint) {
        switch result {
        case .failure(let error): self = CallFailure(error).map { .failed($0) } ?? .cancelled
        case .success(let response) where (200..<300).contains(response.status):
            do throws(JSONError) {
                self = .document(try JSONValue(parsing: response.body, options: .python))
            } catch {
                self = .failed(CallFailure(kind: .malformedReply, message: "\(error)", status: response.status))
            }
        case .success(let response):
            self = .failed(
                CallFailure(
                    status: response.status, EndpointError(parsing: response.body),
                    retryAfter: RetryAfter.parse(response.headers), sent: sent, by: endpoint))
        }
    }
}
