import HTTP
import Testing

@testable import Inference

struct SilenceCheckTests {
    /// Questions that are open, and the failures that were given back.
    private final class Bench {
        var questions: [(url: String, answer: (HTTPError?) -> Void)] = []
        var judged: [FailureKind] = []
        private(set) lazy var check = SilenceCheck { [unowned self] request, answer in
            #expect(request.method == .get && request.timeout <= .seconds(5))
            questions.append((request.url, answer))
        }

        func judge(_ kind: FailureKind, _ endpoint: Endpoint) {
            check.judge(CallFailure(kind: kind, message: "m"), of: endpoint) { self.judged.append($0.kind) }
        }

        func answer(_ error: HTTPError?) { questions.removeFirst().answer(error) }
    }

    private static let away = HTTPError(code: .timedOut, detail: "no answer")

    private static func endpoint(_ url: String, _ dialect: Endpoint.Dialect = .openAI) throws -> Endpoint {
        try Endpoint(url: EndpointURL(url), dialect: dialect)
    }

    @Test func `what had a reply, or no connection, is nobody's question`() throws {
        let bench = Bench()
        let endpoint = try Self.endpoint("http://a/v1")
        for kind in [FailureKind.serverError, .connection, .rateLimited, .parse, .unprocessable] {
            bench.judge(kind, endpoint)
        }
        #expect(bench.judged == [.serverError, .connection, .rateLimited, .parse, .unprocessable])
        // An endpoint, or a gateway in front of it, that says itself that it took too long.
        bench.check.judge(CallFailure(kind: .timeout, message: "m", status: 408), of: endpoint) {
            bench.judged.append($0.kind)
        }
        #expect(bench.judged.last == .timeout && bench.questions.isEmpty)
    }

    @Test func `an endpoint that answers nothing at all is to blame, and is asked once for all who wait`() throws {
        let bench = Bench()
        let endpoint = try Self.endpoint("http://a/v1")
        bench.judge(.timeout, endpoint)
        bench.judge(.closedEarly, endpoint)
        #expect(bench.questions.map(\.url) == ["http://a/v1/models"])
        #expect(bench.judged.isEmpty)
        bench.answer(Self.away)
        #expect(bench.judged == [.unresponsive, .unresponsive])
        bench.judge(.timeout, endpoint)
        #expect(bench.questions.count == 1, "what it said before says nothing")
    }

    @Test func `an endpoint of rows is asked at its own URL, and any reply clears it`() throws {
        let bench = Bench()
        bench.judge(.timeout, try Self.endpoint("http://a/rows", .http))
        #expect(bench.questions.map(\.url) == ["http://a/rows"])
        bench.answer(nil)
        #expect(bench.judged == [.timeout])
    }

    @Test func `a reply that is too long is one, and other endpoints are other questions`() throws {
        let bench = Bench()
        bench.judge(.timeout, try Self.endpoint("http://a/rows", .http))
        bench.judge(.timeout, try Self.endpoint("http://b/rows", .http))
        #expect(bench.questions.count == 2)
        bench.answer(HTTPError(code: .bodyTooLarge, detail: "large"))
        bench.answer(Self.away)
        #expect(bench.judged == [.timeout, .unresponsive])
    }
}
