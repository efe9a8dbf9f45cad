import Testing

@testable import Postgres

struct BinaryReaderTests {
    private func texts(_ bytes: [UInt8]) -> [String?]? {
        bytes.withUnsafeBytes { memory in
            var reader = BinaryReader(memory)
            return reader.array { bytes, _ -> String?? in
                guard let bytes else { return .some(nil) }
                return String(validating: bytes, as: UTF8.self).map(Optional.some)
            }
        }
    }

    private let array: [UInt8] = [
        0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 25, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0x61, 255, 255, 255, 255,
    ]

    @Test func `an array is read with its NULLs`() {
        #expect(texts(array) == ["a", nil])
        #expect(texts([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25]) == [])
    }

    @Test func `an array that is cut off anywhere is refused`() {
        for count in 0..<array.count { #expect(texts(Array(array.prefix(count))) == nil, "\(count) bytes") }
    }

    @Test func `two dimensions and absurd lengths are refused`() {
        var twoDimensions = array
        twoDimensions[3] = 2
        #expect(texts(twoDimensions) == nil)
        var absurd = array
        absurd[12] = 0x7f
        #expect(texts(absurd) == nil)
        var negative = array
        negative[12] = 0x80
        #expect(texts(negative) == nil)
    }

    @Test func `bytes that are no UTF-8 are no text`() {
        var broken = array
        broken[24] = 0xff
        #expect(texts(broken) == nil)
    }
}
