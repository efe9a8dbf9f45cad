import HTTP
import JSON
import Testing

@testable import Inference

struct CallOutcomeTests {
    private let endpoint: Endpoint

    init() throws {
        endpoint = try Endpoint(
            url: EndpointURL("http://a.b"), credential: Credential(variable: "A_KEY", secret: "sk-very-secret"))
    }

    private func failure(
        _ status: Int, _ body: String = "", retryAfter: String? = nil, prompt: String = "Hi"
    ) throws -> CallFailure {
        let outcome = CallOutcome(
            status: status, body: Array(body.utf8), retryAfter: RetryAfter.parse(retryAfter, date: nil),
            of: .chat([ChatMessage(.user, prompt)], DrawnParameters()),
            by: endpoint)
        guard case .failed(let failure) = outcome else {
            Issue.record("not a failure: \(outcome)")
            throw CallFailure(kind: .poison, message: "")
        }
        return failure
    }

    private func error(_ message: String, code: String = "x") -> String {
        #"{"error":{"message":"\#(message)","type":"t","param":null,"code":"\#(code)"}}"#
    }

    @Test(arguments: [
        (429, FailureKind.rateLimited, FailureFamily.limited), (503, .unavailable, .endpoint),
        (502, .unavailable, .endpoint),
        (504, .unavailable, .endpoint), (500, .serverError, .call), (501, .serverError, .call),
        (529, .serverError, .call),
        (599, .serverError, .call), (408, .timeout, .call), (401, .authentication, .endpoint),
        (403, .permission, .endpoint), (404, .notFound, .endpoint), (402, .quota, .endpoint),
        (301, .notFound, .endpoint),
        (400, .badRequest, .request), (413, .payloadTooLarge, .request), (422, .unprocessable, .request),
        (409, .clientError, .request), (418, .clientError, .request),
    ])
    func `every status has its kind and family`(_ status: Int, _ kind: FailureKind, _ family: FailureFamily) throws {
        let failure = try failure(status)
        #expect(failure.kind == kind)
        #expect(failure.kind.family == family)
        #expect(failure.status == status)
        #expect(failure.message.hasPrefix("HTTP \(status)"))
    }

    @Test func `503 and 529 with Retry-After are limits, others are not`() throws {
        for status in [503, 529] {
            let failure = try failure(status, retryAfter: "3")
            #expect(failure.kind == .overloaded)
            #expect(failure.kind.family == .limited)
            #expect(failure.retryAfter == .seconds(3))
        }
        #expect(try failure(502, retryAfter: "3").kind == .unavailable)
        #expect(try failure(503, retryAfter: "soon").kind == .unavailable)
        #expect(try failure(429, retryAfter: "1.5").retryAfter == .milliseconds(1500))
    }

    @Test func `quota is the endpoint's fault, but a 429 stays a limit`() throws {
        #expect(try failure(429, error("no", code: "insufficient_quota")).kind == .rateLimited)
        #expect(try failure(403, error("no", code: "insufficient_quota")).kind == .quota)
        #expect(try failure(400, error("Your credit balance is too low to go on")).kind == .quota)
        #expect(try failure(400, error("the word quota in a prompt")).kind == .badRequest)
    }

    @Test(arguments: [400, 413, 422])
    func `a prompt that is too long is told apart`(_ status: Int) throws {
        let vllm = "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens."
        #expect(try failure(status, error(vllm)).kind == .contextWindow)
        #expect(try failure(status, error("too long", code: "context_length_exceeded")).kind == .contextWindow)
    }

    @Test func `an unknown model is the endpoint's fault even as a 400`() throws {
        #expect(try failure(400, error("no such model", code: "model_not_found")).kind == .notFound)
    }

    @Test(arguments: [
        (#"{"error":{"message":"say it"}}"#, "say it"), (#"{"error":"say it"}"#, "say it"),
        (#"{"object":"error","message":"say it","code":400}"#, "say it"), (#"{"detail":"say it"}"#, "say it"),
        (#"{"detail":[{"loc":["body","top_p"],"msg":"say it","input":"the prompt"}]}"#, "body.top_p: say it"),
        ("say it\n", "say it"), (#"{"type":"error","error":{"type":"x","message":"say it"}}"#, "say it"),
    ])
    func `the endpoint's own words are kept, in whatever form they come`(_ body: String, _ words: String) throws {
        #expect(try failure(400, body).message == "HTTP 400: \(words)")
    }

    @Test(arguments: ["<html>Bad Gateway</html>", "", "{", "[1]", #"{"a":1}"#])
    func `a body that says nothing leaves the status`(_ body: String) throws {
        let message = try failure(502, body).message
        #expect(message == "HTTP 502" || message == "HTTP 502: {")
    }

    @Test func `neither the prompt nor the key is repeated`() throws {
        let prompt = "Tell me about the green house at the end of the street."
        let echo = "invalid: Tell me about the green house at the end, key sk-very-secret"
        let message = try failure(400, error(echo), prompt: prompt).message
        #expect(message == "HTTP 400: invalid: …, key …")
        #expect(
            try failure(401, error("wrong key sk-very****")).message
                == "HTTP 401 (see the key in A_KEY): wrong key …****")
    }

    @Test func `a message is cut however long the error is`() throws {
        let failure = try failure(500, error(String(repeating: "long ", count: 5_000)))
        #expect(failure.message.count == 500)
    }

    @Test func `a good reply is a reply, half of one is malformed`() throws {
        let good = #"{"choices":[{"message":{"content":"Yes."},"finish_reason":"stop"}]}"#
        guard
            case .reply(let reply) = CallOutcome(
                status: 200, body: Array(good.utf8), of: .chat([], DrawnParameters()), by: endpoint)
        else {
            Issue.record("not a reply")
            return
        }
        #expect(reply.text == "Yes.")
        let half = try failure(200, String(good.prefix(30)))
        #expect(half.kind == .malformedReply)
        #expect(half.kind.family == .call)
        #expect(try failure(200, "").kind == .malformedReply)
    }

    @Test func `a refusal inside of a 200 is a refusal`() throws {
        #expect(try failure(200, #"{"error":{"message":"slow down","code":429}}"#).kind == .rateLimited)
        #expect(try failure(200, #"{"choices":null,"error":{"message":"slow down","code":429}}"#).kind == .rateLimited)
        #expect(try failure(200, #"{"choices":[],"error":{"message":"no","code":401}}"#).kind == .authentication)
        #expect(try failure(200, #"{"error":{"message":"odd","code":7}}"#).kind == .malformedReply)
    }

    @Test(arguments: [
        (HTTPError.Code.connectionFailed, FailureKind.connection), (.tlsFailed, .tls), (.timedOut, .timeout),
        (.connectionClosed, .closedEarly), (.malformedReply, .malformedReply), (.bodyTooLarge, .replyTooLarge),
        (.invalidURL, .connection), (.other, .connection),
    ])
    func `a call without a reply has its kind too`(_ code: HTTPError.Code, _ kind: FailureKind) throws {
        let outcome = CallOutcome(
            .failure(HTTPError(code: code, detail: "why")), of: .chat([], DrawnParameters()), by: endpoint)
        guard case .failed(let failure) = outcome else {
            Issue.record("not a failure")
            return
        }
        #expect(failure.kind == kind)
        #expect(failure.message == "why")
        #expect(failure.status == nil)
    }

    @Test func `a call that the worker ended is no failure`() {
        let outcome = CallOutcome(
            .failure(HTTPError(code: .cancelled, detail: "")), of: .chat([], DrawnParameters()), by: endpoint)
        guard case .cancelled = outcome else {
            Issue.record("not cancelled: \(outcome)")
            return
        }
    }

    @Test func `the words for failures never change`() {
        #expect(
            FailureKind.allCases.map(\.rawValue).joined(separator: " ")
                == "rate_limited overloaded connection tls unavailable authentication permission not_found unresponsive quota "
                + "timeout server_error closed_early malformed_reply reply_too_large unreadable parse schema bad_request payload_too_large "
                + "context_window unprocessable client_error template unstorable poison")
        #expect(FailureKind.allCases.filter(\.deservesQuickTries) == [.connection, .unavailable])
        #expect(
            FailureKind.allCases.filter(\.needsOperator) == [.authentication, .permission, .notFound, .quota])
        #expect(FailureKind.allCases.filter { !$0.isRetryable }.allSatisfy { [.answer, .request].contains($0.family) })
    }
}
