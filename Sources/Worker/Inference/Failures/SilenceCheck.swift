package import HTTP

/// Finds out whose fault a call without a reply is: its endpoint is asked whether it is there at all.
///
/// What an endpoint replied before it fell silent says nothing, so it is asked then, once for all calls that wait for
/// the answer. Any reply says that it is there, whatever its status: of a model's endpoint for its list of models, of
/// one that takes rows for its own URL.
package final class SilenceCheck {
    /// Sends a request, and says once, on the caller's thread, why there is no reply; nil: there is one.
    typealias Ask = (HTTPRequest, @escaping (HTTPError?) -> Void) -> Void

    private let ask: Ask
    private var waiting: [String: [(Bool) -> Void]] = [:]

    /// For an answer.
    private static let patience: Duration = .seconds(5)

    /// On the client's loop only.
    package convenience init(_ http: HTTPClient) {
        self.init { request, answered in
            http.start(request) { result in
                if case .failure(let error) = result { answered(error) } else { answered(nil) }
            }
        }
    }

    init(_ ask: @escaping Ask) { self.ask = ask }

    /// Gives the failure that a call ended with as it stands, at once, unless the call had no reply: then, once that is
    /// known, either itself, since the endpoint is there, or one of kind `unresponsive`.
    package func judge(
        _ failure: CallFailure, of endpoint: Endpoint, _ judged: @escaping (CallFailure) -> Void
    ) {
        // A status (408) is a reply.
        guard failure.kind.isSilence, failure.status == nil else { return judged(failure) }
        isThere(endpoint) { judged($0 ? failure : failure.ofEndpoint) }
    }

    private func isThere(_ endpoint: Endpoint, _ found: @escaping (Bool) -> Void) {
        let name = "\(endpoint.url)"
        waiting[name, default: []].append(found)
        guard waiting[name]?.count == 1 else { return }
        let question = HTTPRequest(
            method: .get, url: endpoint.modelsURL, headers: endpoint.headers, timeout: Self.patience,
            maximumResponseBytes: 32 << 20)
        ask(question) { [weak self] error in
            let isThere = error == nil || error?.code == .bodyTooLarge
            for waiter in self?.waiting.removeValue(forKey: name) ?? [] { waiter(isThere) }
        }
    }
}

extension FailureKind {
    /// There was no reply, or not all of it: that may be this call's fault, or its endpoint is gone.
    fileprivate var isSilence: Bool { self == .timeout || self == .closedEarly }
}

extension CallFailure {
    /// The same of an endpoint that does not answer the simplest question either.
    fileprivate var ofEndpoint: CallFailure {
        CallFailure(kind: .unresponsive, message: "\(message); it answers nothing else either")
    }
}
