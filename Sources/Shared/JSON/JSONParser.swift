/// A recursive descent over UTF-8 bytes; each method leaves `at` behind what it read.
struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    let options: JSONParsingOptions
    var at = 0
    private var depth = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>, _ options: JSONParsingOptions) {
        self.bytes = bytes
        self.options = options
    }

    static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, _ options: JSONParsingOptions
    ) -> Result<JSONValue, JSONError> {
        var parser = JSONParser(bytes, options)
        do throws(JSONError) {
            try parser.validateEncoding()
            parser.skipSpace()
            let value = try parser.value()
            parser.skipSpace()
            guard parser.at == bytes.count else { throw parser.failure("unexpected text after the value") }
            return .success(value)
        } catch {
            return .failure(error)
        }
    }

    /// Checked once for the whole text, so that strings can be cut out of it unchecked.
    private func validateEncoding() throws(JSONError) {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            throw failure("not valid UTF-8", at: error.byteOffsets.lowerBound)
        }
    }

    func failure(_ reason: String, at offset: Int? = nil) -> JSONError {
        JSONError(reason, at: offset ?? at, in: bytes)
    }

    /// The byte at `at`, or 0 behind the end (a NUL in the text is no token either).
    var next: UInt8 {
        @inline(__always) get { at < bytes.count ? bytes[at] : 0 }
    }

    @inline(__always)
    mutating func skipSpace() {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x0A, 0x0D, 0x09: at += 1
            default: return
            }
        }
    }

    mutating func value() throws(JSONError) -> JSONValue {
        switch next {
        case UInt8(ascii: "\""):
            return .string(try string())
        case UInt8(ascii: "{"):
            return .object(try object())
        case UInt8(ascii: "["):
            return .array(try array())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return try number()
        case UInt8(ascii: "t"):
            try word("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try word("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try word("null")
            return .null
        case UInt8(ascii: "N") where options.acceptsPythonNumbers:
            try word("NaN")
            return .number(.nan)
        case UInt8(ascii: "I") where options.acceptsPythonNumbers:
            try word("Infinity")
            return .number(.infinity)
        default:
            throw failure(at < bytes.count ? "expected a value" : "unexpected end of text")
        }
    }

    mutating func word(_ expected: StaticString) throws(JSONError) {
        let length = expected.utf8CodeUnitCount
        guard at + length <= bytes.count else { throw failure("expected a value") }
        for index in 0..<length where bytes[at + index] != expected.utf8Start[index] {
            throw failure("expected a value")
        }
        at += length
    }

    private mutating func enter() throws(JSONError) {
        depth += 1
        guard depth <= options.depthLimit else { throw failure("nested deeper than \(options.depthLimit)") }
        at += 1
        skipSpace()
    }

    private mutating func array() throws(JSONError) -> [JSONValue] {
        try enter()
        var elements: [JSONValue] = []
        if next != UInt8(ascii: "]") {
            elements.reserveCapacity(4)
            while true {
                elements.append(try value())
                skipSpace()
                guard next == UInt8(ascii: ",") else { break }
                at += 1
                skipSpace()
            }
            guard next == UInt8(ascii: "]") else { throw failure("expected ',' or ']'") }
        }
        at += 1
        depth -= 1
        return elements
    }

    private mutating func object() throws(JSONError) -> JSONObject {
        try enter()
        var object = JSONObject()
        if next != UInt8(ascii: "}") {
            object.reserveCapacity(4)
            while true {
                guard next == UInt8(ascii: "\"") else { throw failure("expected a key in double quotes") }
                let key = try string()
                skipSpace()
                guard next == UInt8(ascii: ":") else { throw failure("expected ':'") }
                at += 1
                skipSpace()
                object[key] = try value()
                skipSpace()
                guard next == UInt8(ascii: ",") else { break }
                at += 1
                skipSpace()
            }
            guard next == UInt8(ascii: "}") else { throw failure("expected ',' or '}'") }
        }
        at += 1
        depth -= 1
        return object
    }
}
