/// What an endpoint says about an error, made fit to be stored and shown.
package enum ErrorText {
    /// Most characters of a failure's message.
    package static let limit = 500

    /// One line of at most `limit` characters: what is cut ends in an ellipsis, control characters are spaces.
    package static func shortened(_ text: String) -> String {
        var line = ""
        var count = 0
        for character in text {
            guard count < limit else {
                line.removeLast()
                return line + "…"
            }
            let isControl = character.unicodeScalars.contains { $0.value < 32 || $0.value == 127 }
            if isControl || character == " " {
                if line.last == " " || line.isEmpty { continue }
                line.append(" ")
            } else {
                line.append(character)
            }
            count += 1
        }
        if line.last == " " { line.removeLast() }
        return line
    }

    /// `text` with an ellipsis for every run of at least `length` bytes that `secret` has too: an endpoint may repeat
    /// in its error what it was sent. Costs a walk over `secret`; only failures pay it.
    static func hiding(_ secret: String, in text: String, runsOf length: Int) -> String {
        let bytes = Array(text.utf8)
        let known = Array(secret.utf8)
        let length = min(length, known.count)
        guard length > 0, bytes.count >= length else { return text }

        // Which runs of that length the text has, by hash; then each run of the secret is looked up.
        var places: [UInt64: [Int]] = [:]
        forEachRun(of: length, in: bytes) { place, hash in places[hash, default: []].append(place) }
        var hidden = [Bool](repeating: false, count: bytes.count)
        forEachRun(of: length, in: known) { place, hash in
            guard let starts = places[hash] else { return }
            let run = known[place..<place + length]
            let others = starts.filter { start in
                guard bytes[start..<start + length].elementsEqual(run) else { return true }
                for index in start..<start + length { hidden[index] = true }
                return false
            }
            // Found once is enough, however often the secret repeats the run.
            places[hash] = others.isEmpty ? nil : others
        }
        guard hidden.contains(true) else { return text }
        return joined(bytes, hidden)
    }

    private static func joined(_ bytes: [UInt8], _ hidden: [Bool]) -> String {
        var kept: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if !hidden[index] {
                kept.append(byte)
            } else if index == 0 || !hidden[index - 1] {
                kept.append(contentsOf: "…".utf8)
            }
        }
        return String(decoding: kept, as: UTF8.self)
    }

    /// A rolling polynomial hash (Rabin and Karp) over every run of `length` bytes.
    private static func forEachRun(of length: Int, in bytes: [UInt8], _ visit: (Int, UInt64) -> Void) {
        guard bytes.count >= length else { return }
        let base: UInt64 = 0x100_0000_01b3
        var lead: UInt64 = 1
        for _ in 1..<max(1, length) { lead = lead &* base }
        var hash: UInt64 = 0
        for (index, byte) in bytes.enumerated() {
            if index >= length { hash = hash &- UInt64(bytes[index - length]) &* lead }
            hash = hash &* base &+ UInt64(byte)
            if index >= length - 1 { visit(index - length + 1, hash) }
        }
    }
}
