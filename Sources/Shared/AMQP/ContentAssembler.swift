/// Puts the frames of one channel's messages together: the method, a header with the size, and bodies up to that size.
struct ContentAssembler {
    struct Content {
        let start: ContentStart
        let properties: MessageProperties
        /// Empty for a returned message: its publisher has it.
        let body: [UInt8]
    }

    enum Violation: Error, Equatable {
        case frameOutOfOrder
        case bodyTooLong
    }

    /// A size that a header claims is believed only this far when room is made.
    private static let reservedBytesAtMost: UInt64 = 16 << 20

    private var start: ContentStart?
    private var properties: MessageProperties?
    private var body: [UInt8] = []
    private var missingBytes: UInt64 = 0

    mutating func begin(_ start: ContentStart) throws(Violation) {
        guard self.start == nil else { throw .frameOutOfOrder }
        self.start = start
    }

    /// Returns the message when it has no body.
    mutating func header(bodyBytes: UInt64, _ properties: MessageProperties) throws(Violation) -> Content? {
        guard start != nil, self.properties == nil else { throw .frameOutOfOrder }
        self.properties = properties
        missingBytes = bodyBytes
        return takeIfComplete()
    }

    /// Copies the bytes; returns the message when they were the last.
    mutating func append(_ bytes: UnsafeRawBufferPointer) throws(Violation) -> Content? {
        guard let start, properties != nil else { throw .frameOutOfOrder }
        guard UInt64(bytes.count) <= missingBytes else { throw .bodyTooLong }
        if case .delivery = start {
            if body.isEmpty, UInt64(bytes.count) == missingBytes {
                body = [UInt8](bytes)
            } else {
                if body.isEmpty { body.reserveCapacity(Int(min(missingBytes, Self.reservedBytesAtMost))) }
                body.append(contentsOf: bytes)
            }
        }
        missingBytes -= UInt64(bytes.count)
        return takeIfComplete()
    }

    private mutating func takeIfComplete() -> Content? {
        guard missingBytes == 0, let start, let properties else { return nil }
        let content = Content(start: start, properties: properties, body: body)
        self = ContentAssembler()
        return content
    }
}
