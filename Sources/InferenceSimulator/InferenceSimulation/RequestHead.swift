import Glibc

/// The start line and the headers that matter here.
struct RequestHead {
    enum Method {
        case get
        case post
        case other
    }

    enum Body {
        case length(Int)
        case chunked
    }

    let method: Method
    /// Without the query.
    let path: String
    /// What follows the question mark, as it came.
    let query: String
    private(set) var body = Body.length(0)
    private(set) var keepsAlive: Bool
    private(set) var expectsContinue = false

    /// The index after the empty line that ends a head; nil while it has not come.
    static func end(in input: [UInt8], from start: Int) -> Int? {
        input.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return nil }
            var index = start
            while index < buffer.count, let found = memchr(base + index, 10, buffer.count - index) {
                let after = UnsafeRawPointer(found) - base + 1
                if after < buffer.count, buffer[after] == 10 { return after + 1 }
                if after + 1 < buffer.count, buffer[after] == 13, buffer[after + 1] == 10 { return after + 2 }
                index = after
            }
            return nil
        }
    }

    /// - Parameter range: from the first byte to `end(in:from:)`. Nil if it cannot be understood.
    init?(_ input: [UInt8], _ range: Range<Int>) {
        guard var line = Self.line(input, range.lowerBound, range.upperBound) else { return nil }
        let words = input[line.text].split(separator: 32)
        guard words.count == 3 else { return nil }
        switch words[2] {
        case _ where words[2].elementsEqual("HTTP/1.1".utf8): keepsAlive = true
        case _ where words[2].elementsEqual("HTTP/1.0".utf8): keepsAlive = false
        default: return nil
        }
        switch words[0] {
        case _ where words[0].elementsEqual("POST".utf8): method = .post
        case _ where words[0].elementsEqual("GET".utf8): method = .get
        default: method = .other
        }
        let target = words[1]
        let mark = target.firstIndex(of: UInt8(ascii: "?"))
        path = String(decoding: target[..<(mark ?? target.endIndex)], as: UTF8.self)
        query = mark.map { String(decoding: target[($0 + 1)...], as: UTF8.self) } ?? ""

        while let next = Self.line(input, line.after, range.upperBound), !next.text.isEmpty {
            guard read(input, next.text) else { return nil }
            line = next
        }
    }

    /// The text of the line that starts at `start`, and where the next one does.
    private static func line(_ input: [UInt8], _ start: Int, _ end: Int) -> (text: Range<Int>, after: Int)? {
        guard start < end, let newline = input[start..<end].firstIndex(of: 10) else { return nil }
        let last = newline > start && input[newline - 1] == 13 ? newline - 1 : newline
        return (start..<last, newline + 1)
    }

    /// False for a line that is no header, or contradicts another one.
    private mutating func read(_ input: [UInt8], _ line: Range<Int>) -> Bool {
        guard let colon = input[line].firstIndex(of: UInt8(ascii: ":")), colon > line.lowerBound else { return false }
        let name = line.lowerBound..<colon
        switch name.count {
        case 14 where Self.equal(input, name, "content-length"):
            guard let length = Int(Self.value(input, colon, line)), length >= 0 else { return false }
            // With both, the length is to be ignored (RFC 9112, 6.3).
            if case .length = body { body = .length(length) }
        case 17 where Self.equal(input, name, "transfer-encoding"):
            guard Self.value(input, colon, line).lowercased() == "chunked" else { return false }
            body = .chunked
        case 10 where Self.equal(input, name, "connection"):
            let value = Self.value(input, colon, line).lowercased()
            if value == "close" { keepsAlive = false }
            if value == "keep-alive" { keepsAlive = true }
        case 6 where Self.equal(input, name, "expect"):
            expectsContinue = Self.value(input, colon, line).lowercased() == "100-continue"
        default: break
        }
        return true
    }

    private static func equal(_ input: [UInt8], _ range: Range<Int>, _ lowercased: StaticString) -> Bool {
        lowercased.withUTF8Buffer { expected in
            for (offset, byte) in expected.enumerated() where input[range.lowerBound + offset] | 0x20 != byte | 0x20 {
                return false
            }
            return true
        }
    }

    private static func value(_ input: [UInt8], _ colon: Int, _ line: Range<Int>) -> String {
        var range = colon + 1..<line.upperBound
        while let first = input[range].first, first == 32 || first == 9 {
            range = range.lowerBound + 1..<range.upperBound
        }
        while let last = input[range].last, last == 32 || last == 9 { range = range.lowerBound..<range.upperBound - 1 }
        return String(decoding: input[range], as: UTF8.self)
    }
}
