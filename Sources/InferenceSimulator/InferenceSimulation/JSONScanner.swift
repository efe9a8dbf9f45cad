import Glibc

/// Finds what it is asked for in JSON text without building a tree: all a simulator needs of a request.
///
/// Values are ranges of the text. It finds the ends of values and does not check what is between them, so it takes some
/// text that is not JSON; it never reads outside `bytes`.
struct JSONScanner {
    let bytes: [UInt8]
    let end: Int

    /// - Parameter range: where in `bytes` the text is.
    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        end = range.upperBound
    }

    func skipSpace(_ start: Int) -> Int {
        var index = start
        while index < end, bytes[index] == 32 || (9...13).contains(bytes[index]) { index += 1 }
        return index
    }

    func first(_ value: Range<Int>) -> UInt8 { value.isEmpty ? 0 : bytes[value.lowerBound] }

    /// The value that starts at or after `start`, without the space around it; nil if there is none that ends.
    func value(at start: Int) -> Range<Int>? {
        let start = skipSpace(start)
        guard start < end else { return nil }
        switch bytes[start] {
        case UInt8(ascii: "\""):
            return endOfString(start).map { start..<$0 }
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            return endOfContainer(start).map { start..<$0 }
        default:
            var index = start
            while index < end, isScalar(bytes[index]) { index += 1 }
            return index > start ? start..<index : nil
        }
    }

    private func isScalar(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "E"),
            UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private func endOfContainer(_ start: Int) -> Int? {
        var depth = 0
        var index = start
        while index < end {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                guard let after = endOfString(index) else { return nil }
                index = after
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return index + 1 }
            default: break
            }
            index += 1
        }
        return nil
    }

    /// The index after the closing quote.
    private func endOfString(_ start: Int) -> Int? {
        var from = start + 1
        while let quote = find(UInt8(ascii: "\""), from, end) {
            var first = quote
            while first > start + 1, bytes[first - 1] == UInt8(ascii: "\\") { first -= 1 }
            if (quote - first).isMultiple(of: 2) { return quote + 1 }
            from = quote + 1
        }
        return nil
    }

    private func find(_ byte: UInt8, _ from: Int, _ to: Int) -> Int? {
        guard from < to, to <= bytes.count else { return nil }
        return bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress, let found = memchr(base + from, Int32(byte), to - from) else {
                return nil
            }
            return UnsafeRawPointer(found) - base
        }
    }

    // MARK: Objects and arrays

    /// Calls `body` with each member's key (without quotes, as written) and value. False if it is not a whole object.
    func forEachMember(of object: Range<Int>, _ body: (Range<Int>, Range<Int>) -> Void) -> Bool {
        guard first(object) == UInt8(ascii: "{") else { return false }
        var index = skipSpace(object.lowerBound + 1)
        if index < end, bytes[index] == UInt8(ascii: "}") { return true }
        while true {
            guard let key = value(at: index), first(key) == UInt8(ascii: "\"") else { return false }
            index = skipSpace(key.upperBound)
            guard index < end, bytes[index] == UInt8(ascii: ":"), let value = value(at: index + 1) else { return false }
            body(key.lowerBound + 1..<key.upperBound - 1, value)
            index = skipSpace(value.upperBound)
            guard index < end else { return false }
            if bytes[index] == UInt8(ascii: "}") { return true }
            guard bytes[index] == UInt8(ascii: ",") else { return false }
            index += 1
        }
    }

    /// Calls `body` with each element. False if it is not a whole array.
    func forEachElement(of array: Range<Int>, _ body: (Range<Int>) -> Void) -> Bool {
        guard first(array) == UInt8(ascii: "[") else { return false }
        var index = skipSpace(array.lowerBound + 1)
        if index < end, bytes[index] == UInt8(ascii: "]") { return true }
        while true {
            guard let value = value(at: index) else { return false }
            body(value)
            index = skipSpace(value.upperBound)
            guard index < end else { return false }
            if bytes[index] == UInt8(ascii: "]") { return true }
            guard bytes[index] == UInt8(ascii: ",") else { return false }
            index += 1
        }
    }

    /// The value of a member; nil if there is none, or `object` is not one.
    func member(_ name: StaticString, of object: Range<Int>) -> Range<Int>? {
        var found: Range<Int>?
        _ = forEachMember(of: object) { key, value in
            if self.is(key, name) { found = value }
        }
        return found
    }

    func elements(of array: Range<Int>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        _ = forEachElement(of: array) { found.append($0) }
        return found
    }

    // MARK: Scalars

    /// Whether the bytes of `range` are those of `text`.
    func `is`(_ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { expected in
            for (offset, byte) in expected.enumerated() where bytes[range.lowerBound + offset] != byte { return false }
            return true
        }
    }

    func number(_ value: Range<Int>) -> Double? {
        guard let first = bytes[value].first, first == UInt8(ascii: "-") || (48...57).contains(first) else {
            return nil
        }
        return Double(String(decoding: bytes[value], as: UTF8.self))
    }

    /// Appends the text of a JSON string; nothing for another value.
    func decode(_ string: Range<Int>, into text: inout [UInt8]) {
        guard first(string) == UInt8(ascii: "\""), string.count >= 2 else { return }
        var index = string.lowerBound + 1
        let last = string.upperBound - 1
        while index < last {
            let escape = find(UInt8(ascii: "\\"), index, last) ?? last
            text.append(contentsOf: bytes[index..<escape])
            guard escape + 1 < last else { return }
            index = decodeEscape(at: escape + 1, last, into: &text)
        }
    }

    /// - Returns: the index after the escape whose letter is at `index`.
    private func decodeEscape(at index: Int, _ last: Int, into text: inout [UInt8]) -> Int {
        switch bytes[index] {
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "u"):
            guard var code = hexadecimal(at: index + 1, last) else { return last }
            var after = index + 5
            if (0xd800..<0xdc00).contains(code), after + 6 <= last, bytes[after] == UInt8(ascii: "\\"),
                bytes[after + 1] == UInt8(ascii: "u"), let low = hexadecimal(at: after + 2, last),
                (0xdc00..<0xe000).contains(low)
            {
                code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
                after += 6
            }
            // A lone surrogate has no UTF-8.
            let scalar = Unicode.Scalar(code) ?? "\u{fffd}"
            text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            return after
        default: text.append(bytes[index])
        }
        return index + 1
    }

    private func hexadecimal(at index: Int, _ last: Int) -> UInt32? {
        guard index + 4 <= last else { return nil }
        return UInt32(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
    }
}
