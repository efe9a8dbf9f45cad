import Inference
import Messages
import Testing

@testable import Delivering

/// A call's result on its way from a child process to its worker.
struct ChildAnswerTests {
    private static func sent(_ result: CallResult) throws -> CallResult? {
        try #require(WireChildAnswer(frame: WireChildAnswer(7, result).frame)).result
    }

    private static let failure = CallFailure(
        kind: .serverError, message: "m", status: 503, retryAfter: .milliseconds(1500))

    @Test func `a call that is worth another is told with its pause`() throws {
        let result = try Self.sent(.later(Self.failure, after: .milliseconds(2500)))
        guard case .later(let failure, let pause) = result else {
            Issue.record("it is \(String(describing: result))")
            return
        }
        #expect(failure == Self.failure && pause == .milliseconds(2500))
    }

    @Test func `a failure is told with what its call used`() throws {
        let figures = CallFigures(milliseconds: 12, finishReason: "length", inputTokens: 3, outputTokens: 4)
        let result = try Self.sent(.failed(Self.failure, figures))
        guard case .failed(let failure, let told) = result else {
            Issue.record("it is \(String(describing: result))")
            return
        }
        #expect(failure == Self.failure && told == figures)
    }

    @Test func `what only the worker may say is a call taken back`() throws {
        for result in [CallResult.childDied("d"), .noChild("n"), .cancelled] {
            guard case .cancelled = try Self.sent(result) else {
                Issue.record("\(result) is told")
                continue
            }
        }
    }
}
