import JSON

/// Python's operations on strings whose results do not depend on how a string is indexed.
enum PythonStrings {
    /// The number of code points.
    static func length(_ text: String) -> Int {
        var count = 0
        for byte in text.utf8 where byte & 0xC0 != 0x80 { count += 1 }
        return count
    }

    static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// The place of `needle` in `haystack` from `start` on, or nil; an empty needle is everywhere.
    ///
    /// Takes time linear in the haystack whatever the texts are.
    static func find(_ needle: [UInt8], in haystack: [UInt8], from start: Int = 0) -> Int? {
        guard let first = needle.first else { return start <= haystack.count ? start : nil }
        guard needle.count <= 16 else { return findLong(needle, in: haystack, from: start) }
        var place = start
        let last = haystack.count - needle.count
        while place <= last {
            if haystack[place] == first, haystack[place..<(place + needle.count)].elementsEqual(needle) { return place }
            place += 1
        }
        return nil
    }

    /// Knuth, Morris and Pratt's search.
    private static func findLong(_ needle: [UInt8], in haystack: [UInt8], from start: Int) -> Int? {
        guard haystack.count - start >= needle.count else { return nil }
        // The longest proper prefix of the needle that also ends at each of its places.
        var borders = [Int](repeating: 0, count: needle.count)
        var border = 0
        for place in 1..<needle.count {
            while border > 0, needle[place] != needle[border] { border = borders[border - 1] }
            if needle[place] == needle[border] { border += 1 }
            borders[place] = border
        }
        var matched = 0
        for place in start..<haystack.count {
            while matched > 0, haystack[place] != needle[matched] { matched = borders[matched - 1] }
            if haystack[place] == needle[matched] { matched += 1 }
            if matched == needle.count { return place - needle.count + 1 }
        }
        return nil
    }

    static func findLast(_ needle: [UInt8], in haystack: [UInt8], before end: Int) -> Int? {
        find(needle.reversed(), in: haystack[..<end].reversed()).map { end - $0 - needle.count }
    }

    static func contains(_ text: String, _ part: String) -> Bool {
        find(Array(part.utf8), in: Array(text.utf8)) != nil
    }

    enum Side { case left, right, both }

    /// Without the characters of `set`, or white space, at its ends.
    static func strip(_ text: String, _ set: String?, _ side: Side) -> String {
        let unwanted = set.map { Set($0.unicodeScalars) }
        func isUnwanted(_ scalar: Unicode.Scalar) -> Bool {
            unwanted?.contains(scalar) ?? PythonCharacters.isSpace(scalar)
        }
        var part = text.unicodeScalars[...]
        if side != .right { part = part.drop(while: isUnwanted) }
        if side != .left {
            while let last = part.last, isUnwanted(last) { part.removeLast() }
        }
        return String(part)
    }

    /// At runs of white space, at most `limit` times (negative: always), from the left.
    static func split(_ text: String, limit: Int = -1) -> [String] {
        var parts: [String] = []
        var rest = text.unicodeScalars[...]
        while true {
            rest = rest.drop(while: PythonCharacters.isSpace)
            guard !rest.isEmpty else { return parts }
            if limit >= 0, parts.count == limit { return parts + [String(rest)] }
            let word = rest.prefix { !PythonCharacters.isSpace($0) }
            parts.append(String(word))
            rest = rest[word.endIndex...]
        }
    }

    /// As `split`, from the right.
    static func splitFromRight(_ text: String, limit: Int) -> [String] {
        var parts: [String] = []
        var rest = text.unicodeScalars[...]
        while true {
            while let last = rest.last, PythonCharacters.isSpace(last) { rest.removeLast() }
            guard !rest.isEmpty else { return parts.reversed() }
            if limit >= 0, parts.count == limit {
                parts.append(String(rest))
                return parts.reversed()
            }
            let start = rest.lastIndex(where: PythonCharacters.isSpace).map { rest.index(after: $0) } ?? rest.startIndex
            parts.append(String(rest[start...]))
            rest = rest[..<start]
        }
    }

    /// At each `separator`, which is not empty.
    static func split(_ text: String, separator: String, limit: Int = -1) -> [String] {
        let (bytes, needle) = (Array(text.utf8), Array(separator.utf8))
        var parts: [String] = []
        var start = 0
        while limit < 0 || parts.count < limit, let found = find(needle, in: bytes, from: start) {
            parts.append(String(decoding: bytes[start..<found], as: UTF8.self))
            start = found + needle.count
        }
        parts.append(String(decoding: bytes[start...], as: UTF8.self))
        return parts
    }

    static func splitFromRight(_ text: String, separator: String, limit: Int) -> [String] {
        let (bytes, needle) = (Array(text.utf8.reversed()), Array(separator.utf8.reversed()))
        var parts: [String] = []
        var start = 0
        while limit < 0 || parts.count < limit, let found = find(needle, in: bytes, from: start) {
            parts.append(String(decoding: bytes[start..<found].reversed(), as: UTF8.self))
            start = found + needle.count
        }
        parts.append(String(decoding: bytes[start...].reversed(), as: UTF8.self))
        return parts.reversed()
    }

    static func splitLines(_ text: String, keepsEnds: Bool = false) -> [String] {
        var lines: [String] = []
        let scalars = text.unicodeScalars
        var start = scalars.startIndex
        while start < scalars.endIndex {
            let end = scalars[start...].firstIndex(where: PythonCharacters.isLineBreak) ?? scalars.endIndex
            var next = end
            if next < scalars.endIndex {
                let isReturn = scalars[next] == "\r"
                next = scalars.index(after: next)
                if isReturn, next < scalars.endIndex, scalars[next] == "\n" { next = scalars.index(after: next) }
            }
            lines.append(String(scalars[start..<(keepsEnds ? next : end)]))
            start = next
        }
        return lines
    }

    /// Each `old` replaced, at most `limit` times (negative: always). An empty `old` stands between all characters.
    static func replace(_ text: String, _ old: String, _ new: String, limit: Int = -1) -> String {
        guard limit != 0 else { return text }
        if old.isEmpty { return interleave(text, new, limit) }
        let (bytes, needle, replacement) = (Array(text.utf8), Array(old.utf8), Array(new.utf8))
        var result: [UInt8] = []
        var (start, count) = (0, 0)
        while limit < 0 || count < limit, let found = find(needle, in: bytes, from: start) {
            result += bytes[start..<found]
            result += replacement
            start = found + needle.count
            count += 1
        }
        guard count > 0 else { return text }
        result += bytes[start...]
        return String(decoding: result, as: UTF8.self)
    }

    private static func interleave(_ text: String, _ new: String, _ limit: Int) -> String {
        var result = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            if limit < 0 || count < limit {
                result.append(contentsOf: new.unicodeScalars)
                count += 1
            }
            result.append(scalar)
        }
        if limit < 0 || count < limit { result.append(contentsOf: new.unicodeScalars) }
        return String(result)
    }

    /// Occurrences that do not overlap.
    static func count(_ part: String, in text: String) -> Int {
        if part.isEmpty { return length(text) + 1 }
        let (bytes, needle) = (Array(text.utf8), Array(part.utf8))
        var (count, start) = (0, 0)
        while let found = find(needle, in: bytes, from: start) {
            count += 1
            start = found + needle.count
        }
        return count
    }

    /// Centered as CPython centers: an odd rest goes left when the width is odd too.
    static func center(_ text: String, _ width: Int, _ fill: Unicode.Scalar = " ") -> String {
        let missing = width - length(text)
        guard missing > 0 else { return text }
        let left = missing / 2 + (missing & width & 1)
        return padded(text, left, missing - left, fill)
    }

    static func padded(_ text: String, _ left: Int, _ right: Int, _ fill: Unicode.Scalar) -> String {
        var result = String.UnicodeScalarView()
        result.append(contentsOf: repeatElement(fill, count: max(0, left)))
        result.append(contentsOf: text.unicodeScalars)
        result.append(contentsOf: repeatElement(fill, count: max(0, right)))
        return String(result)
    }
}
