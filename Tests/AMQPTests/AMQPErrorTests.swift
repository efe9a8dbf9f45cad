import Testing

@testable import AMQP

struct AMQPErrorTests {
    @Test(arguments: [
        (403, AMQPError.Code.accessRefused, false), (404, .notFound, false), (405, .resourceLocked, true),
        (406, .preconditionFailed, false), (540, .refused, false),
    ])
    func `a channel's end is told by its reply code`(replyCode: Int, code: AMQPError.Code, isRetryable: Bool) {
        let error = AMQPError.channelClosed(replyCode, "WORDS", during: "declare queue q")
        #expect(error.code == code)
        #expect(error.replyCode == replyCode)
        #expect(error.isRetryable == isRetryable)
        #expect(error.description == "declare queue q: \(code): WORDS")
    }

    @Test func `a connection closed by the broker's operator is tried again and a wrong password is not`() {
        #expect(AMQPError.connectionClosed(320, "CONNECTION_FORCED", during: "x").isRetryable)
        #expect(!AMQPError.connectionClosed(403, "ACCESS_REFUSED", during: "x").isRetryable)
        #expect(!AMQPError.connectionClosed(530, "NOT_ALLOWED - vhost a not found", during: "x").isRetryable)
        #expect(AMQPError.connectionClosed(530, "NOT_ALLOWED - vhost 'a' is down", during: "x").isRetryable)
    }
}
