import Testing

@testable import AMQP

struct ContentAssemblerTests {
    static let delivery = ContentStart.delivery(number: 7, isRedelivered: true, exchange: "e", routingKey: "k")

    static func append(_ bytes: [UInt8], to assembler: inout ContentAssembler) throws -> ContentAssembler.Content? {
        try bytes.withUnsafeBytes { try assembler.append($0) }
    }

    @Test(arguments: [1, 2, 3, 7, 100])
    func `a body is the same however it was cut into frames`(frameBytes: Int) throws {
        var assembler = ContentAssembler()
        let body = (0..<100).map { UInt8($0) }
        // Twice: the first message leaves nothing behind for the second.
        for round in 1...2 {
            try assembler.begin(Self.delivery)
            var content = try assembler.header(bodyBytes: 100, MessageProperties(replyTo: "r\(round)"))
            #expect(content == nil)
            for start in stride(from: 0, to: body.count, by: frameBytes) {
                #expect(content == nil)
                let end = min(start + frameBytes, body.count)
                content = try Self.append(Array(body[start..<end]), to: &assembler)
            }
            #expect(content?.body == body)
            #expect(content?.start == Self.delivery)
            #expect(content?.properties.replyTo == "r\(round)")
        }
    }

    @Test func `a message without a body is complete with its header`() throws {
        var assembler = ContentAssembler()
        try assembler.begin(Self.delivery)
        #expect(try assembler.header(bodyBytes: 0, MessageProperties())?.body == [])
    }

    @Test func `the body of a returned message is not kept`() throws {
        var assembler = ContentAssembler()
        try assembler.begin(.returned(code: 312, text: "NO_ROUTE"))
        #expect(try assembler.header(bodyBytes: 4, MessageProperties()) == nil)
        #expect(try Self.append([1, 2], to: &assembler) == nil)
        let content = try #require(try Self.append([3, 4], to: &assembler))
        #expect(content.body.isEmpty)
        #expect(content.start == .returned(code: 312, text: "NO_ROUTE"))
    }

    @Test func `frames out of order are refused`() throws {
        var assembler = ContentAssembler()
        #expect(throws: ContentAssembler.Violation.frameOutOfOrder) {
            _ = try assembler.header(bodyBytes: 1, MessageProperties())
        }
        #expect(throws: ContentAssembler.Violation.frameOutOfOrder) { _ = try Self.append([1], to: &assembler) }
        try assembler.begin(Self.delivery)
        #expect(throws: ContentAssembler.Violation.frameOutOfOrder) { try assembler.begin(Self.delivery) }
        #expect(throws: ContentAssembler.Violation.frameOutOfOrder) { _ = try Self.append([1], to: &assembler) }
        _ = try assembler.header(bodyBytes: 2, MessageProperties())
        #expect(throws: ContentAssembler.Violation.frameOutOfOrder) {
            _ = try assembler.header(bodyBytes: 1, MessageProperties())
        }
    }

    @Test func `a body longer than its header said is refused`() throws {
        var assembler = ContentAssembler()
        try assembler.begin(Self.delivery)
        _ = try assembler.header(bodyBytes: 2, MessageProperties())
        #expect(throws: ContentAssembler.Violation.bodyTooLong) { _ = try Self.append([1, 2, 3], to: &assembler) }
    }

    @Test func `an absurd size in a header makes no room by itself`() throws {
        var assembler = ContentAssembler()
        try assembler.begin(Self.delivery)
        #expect(try assembler.header(bodyBytes: .max, MessageProperties()) == nil)
        #expect(try Self.append([1], to: &assembler) == nil)
    }
}
