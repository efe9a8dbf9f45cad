/// A second of the proleptic Gregorian calendar without a time zone, as the datetime samplers draw it.
package struct CivilTime: Sendable, Hashable, Comparable {
    /// Since 1970-01-01T00:00:00.
    package let seconds: Int64

    package init(seconds: Int64) { self.seconds = seconds }

    package init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        seconds =
            Self.days(year: year, month: month, day: day) * 86_400 + Int64(hour * 3_600 + minute * 60 + second)
    }

    package static func < (left: CivilTime, right: CivilTime) -> Bool { left.seconds < right.seconds }

    /// `2024-01-15T09:30:00`
    package var isoText: String { TimePattern.iso.format(self) }

    package struct Fields: Sendable, Hashable {
        package let year: Int
        package let month: Int
        package let day: Int
        package let hour: Int
        package let minute: Int
        package let second: Int
        /// 0 is Sunday.
        package let weekday: Int
        /// 1 is January 1st.
        package let dayOfYear: Int
    }

    package var fields: Fields {
        let (days, time) = Self.divide(seconds, by: 86_400)
        // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": eras of 400 years that begin in March.
        let (era, dayOfEra) = Self.divide(days + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return Fields(
            year: Int(year), month: Int(month), day: Int(dayOfYear - (153 * shifted + 2) / 5 + 1),
            hour: Int(time / 3_600), minute: Int(time % 3_600 / 60), second: Int(time % 60),
            weekday: Int(Self.divide(days + 4, by: 7).remainder),
            dayOfYear: Int(days - Self.days(year: Int(year), month: 1, day: 1)) + 1)
    }

    /// Days since 1970-01-01; the same source.
    static func days(year: Int, month: Int, day: Int) -> Int64 {
        let shifted = Int64(month <= 2 ? year - 1 : year)
        let (era, yearOfEra) = divide(shifted, by: 400)
        let dayOfYear = (153 * Int64(month > 2 ? month - 3 : month + 9) + 2) / 5 + Int64(day) - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Division that rounds down.
    private static func divide(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension CivilTime {
    /// Reads a date, or a date and a time: `2024-01-31`, `2024-01`, `2024`, `20240131`, `2024/01/31`, `1/31/2024`;
    /// then, after `T` or a space, `09:30`, `09:30:15` or `09:30:15.25` and `Z` or `+01:00`. Fractions are cut off,
    /// offsets applied. A part of what pandas reads.
    package init?(parsing text: String) {
        let scalars = Array(text.utf8)
        let separator = scalars.firstIndex { $0 == UInt8(ascii: "T") || $0 == UInt8(ascii: " ") } ?? scalars.endIndex
        guard let (year, month, day) = Self.date(scalars[..<separator]) else { return nil }
        guard (1...12).contains(month), day >= 1, year >= 1, year <= 9_999,
            day <= Self.daysOfMonth(month, year: year)
        else { return nil }
        var offset: Int64 = 0
        if separator < scalars.endIndex {
            guard let time = Self.time(scalars[(separator + 1)...]) else { return nil }
            offset = time
        }
        self.init(seconds: Self.days(year: year, month: month, day: day) * 86_400 + offset)
    }

    private static func daysOfMonth(_ month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.count <= 9,
            digits.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") })
        else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    private static func date(_ text: ArraySlice<UInt8>) -> (year: Int, month: Int, day: Int)? {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "/") }
        let numbers = parts.compactMap(number)
        guard numbers.count == parts.count else { return nil }
        switch parts.count {
        case 1 where parts[0].count == 4: return (numbers[0], 1, 1)
        case 1 where parts[0].count == 8: return (numbers[0] / 10_000, numbers[0] / 100 % 100, numbers[0] % 100)
        case 2 where parts[0].count == 4: return (numbers[0], numbers[1], 1)
        case 3 where parts[0].count == 4: return (numbers[0], numbers[1], numbers[2])
        case 3 where parts[2].count == 4 && text.contains(UInt8(ascii: "/")):
            return (numbers[2], numbers[0], numbers[1])
        default: return nil
        }
    }

    /// Seconds since midnight UTC.
    private static func time(_ text: ArraySlice<UInt8>) -> Int64? {
        var clock = text
        var offset: Int64 = 0
        if clock.last == UInt8(ascii: "Z") {
            clock = clock.dropLast()
        } else if let sign = clock.lastIndex(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }) {
            let digits = clock[(sign + 1)...].filter { $0 != UInt8(ascii: ":") }
            guard let zone = number(digits[...]), digits.count == 2 || digits.count == 4 else { return nil }
            let minutes = digits.count == 2 ? zone * 60 : zone / 100 * 60 + zone % 100
            offset = Int64(minutes * 60) * (clock[sign] == UInt8(ascii: "-") ? 1 : -1)
            clock = clock[..<sign]
        }
        let whole = clock.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        if whole.count == 2, number(whole[1]) == nil { return nil }
        let parts = whole[0].split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        let numbers = parts.compactMap(number)
        guard numbers.count == parts.count, (1...3).contains(parts.count), parts.allSatisfy({ $0.count <= 2 }) else {
            return nil
        }
        let (hour, minute, second) = (
            numbers[0], numbers.count > 1 ? numbers[1] : 0, numbers.count > 2 ? numbers[2] : 0
        )
        guard hour < 24, minute < 60, second < 60 else { return nil }
        return Int64(hour * 3_600 + minute * 60 + second) + offset
    }
}
