/// Writes believable English of an exact length; the same hash gives the same text.
struct ReplyText: Sendable {
    private enum Piece {
        case text([UInt8])
        case slot(Int)
    }

    private let patterns: [[[Piece]]]
    private let words: [[[UInt8]]]

    init() {
        let names = ReplyWords.slots.keys.sorted()
        words = names.map { (ReplyWords.slots[$0] ?? []).map { Array($0.utf8) } }
        var patterns: [[[Piece]]] = Array(repeating: [], count: ReplyWords.longest + 1)
        for pattern in ReplyWords.patterns {
            let length = pattern.split(separator: " ").count
            precondition(length <= ReplyWords.longest, "a pattern is too long: \(pattern)")
            patterns[length].append(Self.pieces(of: pattern, names))
        }
        self.patterns = patterns
    }

    private static func pieces(of pattern: String, _ names: [String]) -> [Piece] {
        var pieces: [Piece] = []
        for (index, part) in pattern.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
            let halves = part.split(separator: "}", maxSplits: 1, omittingEmptySubsequences: false)
            if index > 0, let slot = names.firstIndex(of: String(halves[0])) {
                pieces.append(.slot(slot))
                pieces.append(.text(Array(halves[1].utf8)))
            } else {
                pieces.append(.text(Array(part.utf8)))
            }
        }
        return pieces
    }

    /// Appends sentences with `count` words in all.
    func append(words count: Int, hash: UInt64, to text: inout [UInt8]) {
        var stream = HashStream(hash)
        var left = count
        while left > 0 {
            // What is left must be none, or enough for one more sentence that does not sound clipped.
            let length = left <= ReplyWords.longest ? left : 5 + stream.index(below: ReplyWords.longest - 4)
            let choices = patterns[length]
            for piece in choices[stream.index(below: choices.count)] {
                switch piece {
                case .text(let bytes): text.append(contentsOf: bytes)
                case .slot(let slot): text.append(contentsOf: words[slot][stream.index(below: words[slot].count)])
                }
            }
            left -= length
            if left > 0 { text.append(UInt8(ascii: " ")) }
        }
    }
}
