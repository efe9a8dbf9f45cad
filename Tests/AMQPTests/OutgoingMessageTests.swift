import Testing

@testable import AMQP

struct OutgoingMessageTests {
    static func refusal(_ message: OutgoingMessage) -> Int? {
        guard case .returned(let code, _) = message.refusal(frameMaxBytes: 4096, maxBodyBytes: 100) else { return nil }
        return code
    }

    @Test func `what AMQP can carry is not refused`() {
        let name = String(repeating: "x", count: 255)
        let message = OutgoingMessage(
            exchange: name, routingKey: name, body: Array(repeating: 0, count: 100), replyTo: name,
            correlationID: name, headers: ["h": "v"])
        #expect(Self.refusal(message) == nil)
    }

    @Test func `names over 255 bytes are refused`() {
        let long = String(repeating: "é", count: 128)
        #expect(Self.refusal(OutgoingMessage(exchange: long, routingKey: "", body: [])) == 502)
        #expect(Self.refusal(OutgoingMessage(exchange: "", routingKey: long, body: [])) == 502)
        #expect(Self.refusal(OutgoingMessage(exchange: "", routingKey: "", body: [], replyTo: long)) == 502)
        #expect(Self.refusal(OutgoingMessage(exchange: "", routingKey: "", body: [], correlationID: long)) == 502)
        let header = String(repeating: "h", count: 129)
        #expect(Self.refusal(OutgoingMessage(exchange: "", routingKey: "", body: [], headers: [header: 1])) == 502)
    }

    @Test func `bodies and headers that are too long are refused`() {
        let body = Array(repeating: 0 as UInt8, count: 101)
        #expect(Self.refusal(OutgoingMessage(exchange: "", routingKey: "", body: body)) == 311)
        let headers: [String: FieldValue] = ["h": .string(String(repeating: "x", count: 3000))]
        #expect(Self.refusal(OutgoingMessage(exchange: "", routingKey: "", body: [], headers: headers)) == 311)
    }
}
