import Workflow

/// A date, a time of day or a moment, read from a text of one of the forms that DuckDB finds by itself.
struct TimeText: Sendable {
    /// As Python's `isoformat` prints it.
    let isoText: String

    /// Nil when the text is not of that kind.
    init?(_ text: ArraySlice<UInt8>, as kind: CSVKinds) {
        switch kind {
        case .time:
            guard let clock = Clock(text) else { return nil }
            isoText = clock.text
        case .yearMonthDay, .dayMonthYear, .monthDayYear:
            guard let date = Self.date(text, as: kind) else { return nil }
            isoText = date
        default:
            guard let place = text.firstIndex(where: { $0 == UInt8(ascii: "T") || $0 == UInt8(ascii: " ") }),
                let date = Self.date(text[..<place], as: .yearMonthDay)
            else { return nil }
            let (clockText, zone) = Self.zone(of: text[(place + 1)...])
            guard let clock = Clock(clockText) else { return nil }
            if kind == .timestamp {
                // A moment of UTC is taken for one without a zone.
                guard zone == nil || zone == 0 else { return nil }
                isoText = "\(date)T\(clock.text)"
            } else {
                guard let day = CivilTime(parsing: date) else { return nil }
                let moment = CivilTime(seconds: day.seconds + Int64(clock.seconds) - Int64(zone ?? 0))
                isoText = "\(moment.isoText)\(clock.fractionText)+00:00"
            }
        }
    }

    /// `2024-01-31`, `2024/1/31`, `31.01.2024`, ... as `2024-01-31`.
    private static func date(_ text: ArraySlice<UInt8>, as order: CSVKinds) -> String? {
        guard text.count >= 8, text.count <= 10 else { return nil }
        guard let mark = text.first(where: { !CSVNumber.isDigit($0) }),
            [UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: ".")].contains(mark)
        else { return nil }
        let parts = text.split(separator: mark, omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(CSVNumber.isDigit) }) else {
            return nil
        }
        let numbers = parts.map { $0.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } }
        let (year, month, day): (Int, Int, Int) =
            switch order {
            case .yearMonthDay: (0, 1, 2)
            case .dayMonthYear: (2, 1, 0)
            default: (2, 0, 1)
            }
        guard parts[year].count == 4, parts[month].count <= 2, parts[day].count <= 2 else { return nil }
        let iso = "\(fourDigits(numbers[year]))-\(twoDigits(numbers[month]))-\(twoDigits(numbers[day]))"
        return CivilTime(parsing: iso) == nil ? nil : iso
    }

    /// The clock's part and the offset from UTC in seconds: `Z`, ` UTC`, `+02`, `+02:00`; nil without one.
    private static func zone(of text: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, Int?) {
        if text.last == UInt8(ascii: "Z") { return (text.dropLast(), 0) }
        if text.count > 4, text.suffix(4).elementsEqual(" UTC".utf8) { return (text.dropLast(4), 0) }
        guard let sign = text.lastIndex(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }) else {
            return (text, nil)
        }
        let digits = text[(sign + 1)...].filter { $0 != UInt8(ascii: ":") }
        guard digits.count == 2 || digits.count == 4, digits.allSatisfy(CSVNumber.isDigit) else { return ([], nil) }
        let number = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        let minutes = digits.count == 2 ? number * 60 : number / 100 * 60 + number % 100
        return (text[..<sign], minutes * 60 * (text[sign] == UInt8(ascii: "-") ? -1 : 1))
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    private static func fourDigits(_ number: Int) -> String {
        String(repeating: "0", count: max(0, 4 - "\(number)".count)) + "\(number)"
    }

    /// `10:00`, `10:00:05`, `10:00:05.25`.
    private struct Clock {
        let seconds: Int
        /// `.250000`, or nothing.
        let fractionText: String

        init?(_ text: ArraySlice<UInt8>) {
            let whole = text.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
            guard let first = whole.first else { return nil }
            let parts = first.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard parts.count == 2 || parts.count == 3,
                parts.allSatisfy({ (1...2).contains($0.count) && $0.allSatisfy(CSVNumber.isDigit) })
            else { return nil }
            let numbers = parts.map { $0.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } }
            guard numbers[0] < 24, numbers[1] < 60, numbers.count < 3 || numbers[2] < 60 else { return nil }
            seconds = numbers[0] * 3_600 + numbers[1] * 60 + (numbers.count > 2 ? numbers[2] : 0)
            guard whole.count == 2 else {
                fractionText = ""
                return
            }
            guard parts.count == 3, !whole[1].isEmpty, whole[1].allSatisfy(CSVNumber.isDigit) else { return nil }
            let digits =
                Array(whole[1].prefix(6)) + [UInt8](repeating: UInt8(ascii: "0"), count: max(0, 6 - whole[1].count))
            fractionText =
                digits.allSatisfy { $0 == UInt8(ascii: "0") } ? "" : "." + String(decoding: digits, as: UTF8.self)
        }

        var text: String {
            let (hour, rest) = seconds.quotientAndRemainder(dividingBy: 3_600)
            return "\(twoDigits(hour)):\(twoDigits(rest / 60)):\(twoDigits(rest % 60))\(fractionText)"
        }
    }
}
