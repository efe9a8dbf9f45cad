/// A strftime pattern, as Python writes times with it in the C locale.
package struct TimePattern: Sendable, Hashable {
    private let pattern: [UInt8]

    /// `%Y-%m-%dT%H:%M:%S`
    package static let iso = TimePattern(unchecked: "%Y-%m-%dT%H:%M:%S")

    /// Nil when the pattern holds a directive that is not known.
    package init?(_ pattern: String) {
        guard Self.unsupportedDirective(in: pattern) == nil else { return nil }
        self.init(unchecked: pattern)
    }

    private init(unchecked pattern: String) { self.pattern = Array(pattern.utf8) }

    /// The first directive that is not known, with its percent sign; nil when all are.
    package static func unsupportedDirective(in pattern: String) -> String? {
        var scalars = pattern.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            guard scalar == "%" else { continue }
            guard let directive = scalars.next() else { return "a % at its end" }
            if !"YmdHMSyBbAajpIfzZFTDRUWwuGVceCnthxX%".unicodeScalars.contains(directive) { return "%\(directive)" }
        }
        return nil
    }

    package func format(_ time: CivilTime) -> String {
        let fields = time.fields
        var text: [UInt8] = []
        text.reserveCapacity(32)
        var place = 0
        while place < pattern.count {
            if pattern[place] == UInt8(ascii: "%"), place + 1 < pattern.count {
                Self.append(Unicode.Scalar(pattern[place + 1]), of: fields, to: &text)
                place += 2
            } else {
                text.append(pattern[place])
                place += 1
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func append(_ directive: Unicode.Scalar, of fields: CivilTime.Fields, to text: inout [UInt8]) {
        switch directive {
        case "Y": pad(fields.year, 4, to: &text)
        case "C": pad(fields.year / 100, 2, to: &text)
        case "m": pad(fields.month, 2, to: &text)
        case "d": pad(fields.day, 2, to: &text)
        case "e": pad(fields.day, 2, with: UInt8(ascii: " "), to: &text)
        case "H": pad(fields.hour, 2, to: &text)
        case "I": pad((fields.hour + 11) % 12 + 1, 2, to: &text)
        case "M": pad(fields.minute, 2, to: &text)
        case "S": pad(fields.second, 2, to: &text)
        case "f": text.append(contentsOf: "000000".utf8)
        case "y": pad(fields.year % 100, 2, to: &text)
        case "j": pad(fields.dayOfYear, 3, to: &text)
        case "p": text.append(contentsOf: (fields.hour < 12 ? "AM" : "PM").utf8)
        case "B": text.append(contentsOf: months[fields.month - 1].utf8)
        case "b", "h": text.append(contentsOf: months[fields.month - 1].utf8.prefix(3))
        case "A": text.append(contentsOf: weekdays[fields.weekday].utf8)
        case "a": text.append(contentsOf: weekdays[fields.weekday].utf8.prefix(3))
        case "w": pad(fields.weekday, 1, to: &text)
        case "u": pad((fields.weekday + 6) % 7 + 1, 1, to: &text)
        case "U": pad((fields.dayOfYear + 6 - fields.weekday) / 7, 2, to: &text)
        case "W": pad((fields.dayOfYear + 6 - (fields.weekday + 6) % 7) / 7, 2, to: &text)
        case "G": pad(isoWeek(fields).year, 4, to: &text)
        case "V": pad(isoWeek(fields).week, 2, to: &text)
        case "n": text.append(UInt8(ascii: "\n"))
        case "t": text.append(UInt8(ascii: "\t"))
        case "%": text.append(UInt8(ascii: "%"))
        // A time without a zone prints none.
        case "z", "Z": break
        case "F": append(all: "Y-m-d", of: fields, to: &text)
        case "T", "X": append(all: "H:M:S", of: fields, to: &text)
        case "D", "x": append(all: "m/d/y", of: fields, to: &text)
        case "R": append(all: "H:M", of: fields, to: &text)
        case "c": append(all: "a b e H:M:S Y", of: fields, to: &text)
        default: break
        }
    }

    /// Letters are directives, all else stands for itself.
    private static func append(all pattern: String, of fields: CivilTime.Fields, to text: inout [UInt8]) {
        for byte in pattern.utf8 {
            if byte | 0x20 >= UInt8(ascii: "a"), byte | 0x20 <= UInt8(ascii: "z") {
                append(Unicode.Scalar(byte), of: fields, to: &text)
            } else {
                text.append(byte)
            }
        }
    }

    private static func pad(
        _ value: Int, _ width: Int, with filler: UInt8 = UInt8(ascii: "0"), to text: inout [UInt8]
    ) {
        var rest = value
        let start = text.count
        repeat {
            text.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        while text.count - start < width { text.append(filler) }
        text[start...].reverse()
    }

    /// The week of ISO 8601: that of its Thursday.
    private static func isoWeek(_ fields: CivilTime.Fields) -> (year: Int, week: Int) {
        let sinceMonday = (fields.weekday + 6) % 7
        let date = CivilTime(year: fields.year, month: fields.month, day: fields.day)
        let thursday = CivilTime(seconds: date.seconds + Int64(3 - sinceMonday) * 86_400).fields
        return (thursday.year, (thursday.dayOfYear - 1) / 7 + 1)
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
}
