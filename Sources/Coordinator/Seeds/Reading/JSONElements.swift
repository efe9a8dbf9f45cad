/// Finds the values of a file of JSON: the elements of one array, or values one after the other, each on a line or not.
///
/// Only looks for where each ends; a value is parsed by the caller.
struct JSONElements: Sendable {
    static let maximumBytes = 16 << 20

    private var element: [UInt8] = []
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    /// Set inside the array that holds all.
    private var isInArray = false
    private var hasBegun = false
    private var hasEnded = false
    private var line = 1
    private var startLine = 1

    /// Gives each value that ends in `piece` to `body`, with the line on which it begins.
    mutating func take(
        _ piece: ArraySlice<UInt8>, _ body: ([UInt8], Int) throws(SeedError) -> Void
    ) throws(SeedError) {
        for byte in piece {
            if byte == UInt8(ascii: "\n") { line += 1 }
            if isInString {
                element.append(byte)
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                    if depth == 0 { try end(body) }
                }
            } else {
                try takeOutside(byte, body)
            }
            guard element.count <= Self.maximumBytes else {
                throw SeedError("line \(startLine): a value is longer than 16 MiB, the most that one record can hold")
            }
        }
    }

    private mutating func takeOutside(
        _ byte: UInt8, _ body: ([UInt8], Int) throws(SeedError) -> Void
    ) throws(SeedError) {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D:
            if depth > 0 { element.append(byte) } else { try end(body) }
        case UInt8(ascii: ",") where depth == 0:
            try end(body)
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            if byte == UInt8(ascii: "["), depth == 0, !hasBegun, element.isEmpty {
                (isInArray, hasBegun) = (true, true)
                return
            }
            if depth == 0 { try end(body) }
            begin(byte)
            depth += 1
        case UInt8(ascii: "]") where depth == 0 && isInArray:
            try end(body)
            (isInArray, hasEnded) = (false, true)
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
            begin(byte)
            depth -= 1
            if depth <= 0 { try end(body) }
        case UInt8(ascii: "\""):
            begin(byte)
            isInString = true
        default: begin(byte)
        }
    }

    private mutating func begin(_ byte: UInt8) {
        if element.isEmpty { startLine = line }
        hasBegun = true
        element.append(byte)
    }

    private mutating func end(_ body: ([UInt8], Int) throws(SeedError) -> Void) throws(SeedError) {
        depth = 0
        guard !element.isEmpty else { return }
        guard !hasEnded else { throw SeedError("line \(startLine): text after the end of the array") }
        try body(element, startLine)
        element.removeAll(keepingCapacity: true)
    }

    /// The last value, when nothing follows it.
    mutating func finish(_ body: ([UInt8], Int) throws(SeedError) -> Void) throws(SeedError) {
        guard depth == 0, !isInString, !isInArray else {
            throw SeedError("line \(startLine): the file ends in the middle of a value")
        }
        try end(body)
    }
}
