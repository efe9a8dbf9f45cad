/// Finds where a run of bytes ends that stand in a JSON string as they are.
enum PlainRun {
    /// The first byte from `start` on that is a quote, a backslash or a control character; the count if there is none.
    @inline(__always)
    static func end(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var place = start
        let raw = UnsafeRawBufferPointer(bytes)
        let (ones, highs) = (0x0101_0101_0101_0101 as UInt64, 0x8080_8080_8080_8080 as UInt64)
        while place + 8 <= bytes.count {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt64.self))
            // The classic test for a zero byte, of the word against each wanted byte, and for bytes below 0x20. Only
            // the lowest hit is exact (a borrow may mark bytes above it), and only the lowest is used.
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5C)
            let hits =
                ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | ((word &- (ones &* 0x20)) & ~word)
            let marked = hits & highs
            if marked != 0 { return place + marked.trailingZeroBitCount / 8 }
            place += 8
        }
        while place < bytes.count {
            let byte = bytes[place]
            if byte == 0x22 || byte == 0x5C || byte < 0x20 { return place }
            place += 1
        }
        return place
    }

    /// As `end`, where everything that is not printable ASCII ends the run too.
    static func asciiEnd(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var place = start
        while place < bytes.count {
            let byte = bytes[place]
            if byte < 0x20 || byte == 0x22 || byte == 0x5C || byte >= 0x7F { return place }
            place += 1
        }
        return place
    }
}
