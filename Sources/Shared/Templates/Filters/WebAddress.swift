/// What Jinja's `urlize` takes for the address of a site or of a person.
struct WebAddress {
    private let scalars: [Unicode.Scalar]

    static func matches(_ scalars: [Unicode.Scalar]) -> Bool {
        let address = WebAddress(scalars: scalars)
        return address.hostEnds().contains { address.isRest($0) }
    }

    /// `something@host.domain`.
    static func isMail(_ scalars: [Unicode.Scalar]) -> Bool {
        func isHost(_ part: ArraySlice<Unicode.Scalar>) -> Bool {
            guard let first = part.first, PythonCharacters.isWord(first), let dot = part.lastIndex(of: ".") else {
                return false
            }
            let domain = part[(dot + 1)...]
            return dot > part.startIndex && !domain.isEmpty && domain.allSatisfy(PythonCharacters.isWord)
                && part[..<dot].allSatisfy { PythonCharacters.isWord($0) || $0 == "." || $0 == "-" }
        }
        guard let place = scalars.lastIndex(of: "@"), place > 0 else { return false }
        return isHost(scalars[(place + 1)...])
    }

    /// Each place at which a host may end.
    private func hostEnds() -> [Int] {
        var ends: [Int] = []
        let scheme = [7, 8].first { length in
            matches(length == 7 ? "http://" : "https://", at: 0)
        }
        if let scheme {
            ends += namedHostEnds(from: scheme) + numberedHostEnds(from: scheme)
        }
        if matches("www.", at: 0) { ends += namedHostEnds(from: 4) }
        return ends + plainDomainEnds()
    }

    private func matches(_ text: String, at start: Int) -> Bool {
        let wanted = Array(text.unicodeScalars)
        guard start + wanted.count <= scalars.count else { return false }
        return zip(scalars[start...], wanted).allSatisfy { PythonCase.lower(String($0)) == String($1) }
    }

    private func isLabel(_ scalar: Unicode.Scalar) -> Bool {
        PythonCharacters.isWord(scalar) || scalar == "%" || scalar == "-"
    }

    private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        // Ignoring case, the reference's `[a-z]` also takes the long s and the Kelvin sign, and the dotted and
        // dotless i.
        scalar.isASCII && PythonCharacters.isAlpha(scalar) || [0x17F, 0x212A, 0x130, 0x131].contains(scalar.value)
    }

    /// Labels with dots, then a domain of letters.
    private func namedHostEnds(from start: Int) -> [Int] {
        labelStarts(from: start).flatMap { labelStart in
            var ends: [Int] = []
            var end = labelStart
            while end < scalars.count, end - labelStart < 63, isLetter(scalars[end]) {
                end += 1
                if end - labelStart >= 2 { ends.append(end) }
            }
            if matches("xn--", at: labelStart) {
                end = labelStart + 4
                while end < scalars.count, end - labelStart < 63,
                    PythonCharacters.isWord(scalars[end]) || scalars[end] == "%"
                {
                    end += 1
                    if end - labelStart >= 6 { ends.append(end) }
                }
            }
            return ends
        }
    }

    /// Where a label may begin: here, and behind each dot that follows labels without a break.
    private func labelStarts(from start: Int) -> [Int] {
        var starts = [start]
        var place = start
        while true {
            let labelStart = place
            while place < scalars.count, isLabel(scalars[place]) { place += 1 }
            guard place > labelStart, place < scalars.count, scalars[place] == "." else { return starts }
            place += 1
            starts.append(place)
        }
    }

    /// Labels with dots and one of the old domains, without any scheme.
    private func plainDomainEnds() -> [Int] {
        var ends: [Int] = []
        var place = 0
        while true {
            let start = place
            while place < scalars.count, isLabel(scalars[place]) { place += 1 }
            guard (2...63).contains(place - start), place < scalars.count, scalars[place] == "." else { return ends }
            place += 1
            for domain in ["com", "net", "int", "edu", "gov", "org", "info", "mil"] where matches(domain, at: place) {
                ends.append(place + domain.utf8.count)
            }
        }
    }

    /// An IPv4 address, or an IPv6 address in brackets.
    private func numberedHostEnds(from start: Int) -> [Int] {
        if start < scalars.count, scalars[start] == "[" { return bracketEnd(from: start + 1).map { [$0] } ?? [] }
        var place = start
        for part in 0..<4 {
            if part > 0 {
                guard place < scalars.count, scalars[place] == "." else { return [] }
                place += 1
            }
            let digitsStart = place
            while place < scalars.count, place - digitsStart < 3, PythonCharacters.isDecimal(scalars[place]) {
                place += 1
            }
            guard place > digitsStart else { return [] }
        }
        // The last number may be cut short, but then nothing fits behind it.
        return [place]
    }

    /// Two groups of up to four digits with a colon, then one to six groups whose colon may be missing.
    private func bracketEnd(from start: Int) -> Int? {
        guard let close = scalars[start...].firstIndex(of: "]") else { return nil }
        let inside = scalars[start..<close]
        let isPlain = inside.allSatisfy {
            $0 == ":" || PythonCharacters.isDecimal($0) || $0.isASCII && "abcdefABCDEF".unicodeScalars.contains($0)
        }
        let groups = inside.split(separator: ":", omittingEmptySubsequences: false)
        guard isPlain, groups.count >= 3, groups[0].count <= 4, groups[1].count <= 4 else { return nil }
        let groupCount = groups[2...].reduce(0) { $0 + max(1, ($1.count + 3) / 4) }
        let isTrailing = groups.last?.isEmpty == true
        return groupCount - (isTrailing && groupCount > 1 ? 1 : 0) <= 6 ? close + 1 : nil
    }

    /// A port, and a path, query or fragment.
    private func isRest(_ start: Int) -> Bool {
        var place = start
        if place < scalars.count, scalars[place] == ":" {
            let digitsStart = place + 1
            var end = digitsStart
            while end < scalars.count, end - digitsStart < 5, PythonCharacters.isDecimal(scalars[end]) { end += 1 }
            if end > digitsStart { place = end }
        }
        guard place < scalars.count else { return true }
        return scalars[place] == "/" || scalars[place] == "?" || scalars[place] == "#"
    }
}
