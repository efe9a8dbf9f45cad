/// Durations as people write them: `25s`, `30m`, `6h`, `1h30m`, `250ms`, `2d`, `1.5s`, or plain seconds (`600`).
package enum DurationText {
    private static let units: [(name: String, attoseconds: Int128)] = [
        ("d", 86_400 * second), ("h", 3_600 * second), ("m", 60 * second), ("s", second), ("ms", second / 1000),
    ]
    private static let second: Int128 = 1_000_000_000_000_000_000

    /// Nil for anything else: an empty text, a sign, an unknown unit, units that do not fall (`30m1h`), more than nine
    /// decimals, more than a hundred years.
    package static func parse(_ text: some StringProtocol) -> Duration? {
        var rest = Substring(text)
        var total: Int128 = 0
        var lastUnit = Int128.max
        while !rest.isEmpty {
            guard let (digits, decimals) = takeNumber(from: &rest) else { return nil }
            let name = rest.prefix { $0.isASCII && $0.isLetter }
            rest.removeFirst(name.count)
            let isPlain = name.isEmpty && rest.isEmpty && total == 0
            guard let unit = units.first(where: { $0.name == (isPlain ? "s" : name) })?.attoseconds, unit < lastUnit
            else { return nil }
            lastUnit = unit
            var scale: Int128 = 1
            for _ in 0..<decimals { scale *= 10 }
            total += digits * unit / scale
            guard total <= 100 * 366 * 86_400 * second else { return nil }
        }
        return lastUnit == .max ? nil : Duration(attoseconds: total)
    }

    /// The shortest text that reads back as the same duration, to the millisecond: `1h30m`, `25s`, `1.5s`, `0s`.
    package static func print(_ duration: Duration) -> String {
        var milliseconds = duration.attoseconds / (second / 1000)
        let sign = milliseconds < 0 ? "-" : ""
        milliseconds = abs(milliseconds)
        var text = ""
        for unit in units.prefix(3) {
            let length = unit.attoseconds / (second / 1000)
            if milliseconds >= length { text += "\(milliseconds / length)\(unit.name)" }
            milliseconds %= length
        }
        if milliseconds > 0 && milliseconds < 1000 && text.isEmpty { return "\(sign)\(milliseconds)ms" }
        if milliseconds > 0 || text.isEmpty {
            var seconds = "\(milliseconds / 1000)"
            let fraction = milliseconds % 1000
            if fraction > 0 {
                let digits = String(fraction)
                seconds += "." + String(repeating: "0", count: 3 - digits.count) + digits
                while seconds.last == "0" { seconds.removeLast() }
            }
            text += seconds + "s"
        }
        return sign + text
    }

    /// Takes `12` or `1.5` from the front: all digits as one integer, and how many of them are decimals.
    private static func takeNumber(from rest: inout Substring) -> (digits: Int128, decimals: Int)? {
        let whole = rest.prefix { "0"..."9" ~= $0 }
        rest.removeFirst(whole.count)
        var decimals: Substring = ""
        if rest.first == "." {
            rest.removeFirst()
            decimals = rest.prefix { "0"..."9" ~= $0 }
            rest.removeFirst(decimals.count)
            guard !decimals.isEmpty else { return nil }
        }
        guard !whole.isEmpty, whole.count <= 12, decimals.count <= 9, let digits = Int128(whole + decimals) else {
            return nil
        }
        return (digits, decimals.count)
    }
}
