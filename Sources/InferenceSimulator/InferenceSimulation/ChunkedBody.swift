/// Puts a chunked body together as its parts come (RFC 9112, section 7.1). Trailers are read and dropped.
struct ChunkedBody {
    enum Outcome {
        case incomplete
        case complete([UInt8])
        case tooLarge
        case invalid
    }

    private enum State {
        case size
        case data(Int)
        case dataEnd
        case trailer
    }

    private let maximumBytes: Int
    private var state = State.size
    private var bytes: [UInt8] = []
    private static let longestLine = 8192

    init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

    mutating func read(_ input: [UInt8], _ offset: inout Int) -> Outcome {
        while true {
            switch state {
            case .data(let left):
                let taken = min(left, input.count - offset)
                bytes.append(contentsOf: input[offset..<offset + taken])
                offset += taken
                guard taken == left else {
                    state = .data(left - taken)
                    return .incomplete
                }
                state = .dataEnd
            case .size, .dataEnd, .trailer:
                guard let newline = input[offset...].firstIndex(of: 10) else {
                    return input.count - offset > Self.longestLine ? .invalid : .incomplete
                }
                let last = newline > offset && input[newline - 1] == 13 ? newline - 1 : newline
                let line = input[offset..<last]
                offset = newline + 1
                if let outcome = take(line) { return outcome }
            }
        }
    }

    /// Nil to read on.
    private mutating func take(_ line: ArraySlice<UInt8>) -> Outcome? {
        switch state {
        case .dataEnd:
            guard line.isEmpty else { return .invalid }
            state = .size
        case .size:
            let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != 32 }
            guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16), size >= 0 else { return .invalid }
            guard size <= maximumBytes - bytes.count else { return .tooLarge }
            state = size == 0 ? .trailer : .data(size)
        case .trailer:
            return line.isEmpty ? .complete(bytes) : nil
        case .data:
            return .invalid
        }
        return nil
    }
}
