// Numbers and times are read by their own rules, which are DuckDB's (docs/compatibility.md).
import Glibc
import JSON

/// What the texts of a CSV column may all be read as. Smaller and smaller with each text seen.
struct CSVKinds: OptionSet, Sendable {
    let rawValue: UInt16

    static let boolean = CSVKinds(rawValue: 1)
    static let time = CSVKinds(rawValue: 2)
    static let yearMonthDay = CSVKinds(rawValue: 4)
    static let dayMonthYear = CSVKinds(rawValue: 8)
    static let monthDayYear = CSVKinds(rawValue: 16)
    static let timestamp = CSVKinds(rawValue: 32)
    static let zonedTimestamp = CSVKinds(rawValue: 64)
    static let integer = CSVKinds(rawValue: 128)
    static let number = CSVKinds(rawValue: 256)
    static let all = CSVKinds(rawValue: 511)
}

extension CSVKinds {
    /// The kinds that a text that is not empty can be read as.
    init(of text: ArraySlice<UInt8>) {
        guard let first = text.first else {
            self = .all
            return
        }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: " "):
            self = []
            if CSVNumber.integer(text) != nil { insert(.integer) }
            if CSVNumber.double(text) != nil { insert(.number) }
            guard first != UInt8(ascii: "-"), first != UInt8(ascii: ".") else { return }
            for (kind, _) in CSVKindName.inOrder
            where TimeText(text, as: kind) != nil { insert(kind) }
        default:
            self = []
            if Self.truth(text) != nil { insert(.boolean) }
            if text.elementsEqual("nan".utf8) { insert(.number) }
        }
    }

    /// The kind that a column has in the end; text where none is left.
    enum Chosen: Sendable, Hashable {
        case text, boolean, integer, number
        case time(CSVKindName)
    }

    /// By DuckDB's order of preference; `hasValues`: whether any text was seen.
    func chosen(hasValues: Bool) -> Chosen {
        guard hasValues else { return .text }
        if contains(.boolean) { return .boolean }
        for (kind, name) in CSVKindName.inOrder where contains(kind) { return .time(name) }
        return contains(.integer) ? .integer : contains(.number) ? .number : .text
    }

    /// The value of a text, by the kind that its column has; nil when it cannot be read so. An empty text is null.
    static func value(_ text: ArraySlice<UInt8>, as kind: Chosen) -> JSONValue? {
        if text.isEmpty { return .null }
        switch kind {
        case .text: return .string(String(decoding: text, as: UTF8.self))
        case .boolean: return truth(text).map { .bool($0) }
        case .integer: return CSVNumber.integer(text).map { .integer($0) }
        case .number:
            if text.elementsEqual("nan".utf8) { return .null }
            return CSVNumber.double(text).map { .number($0) }
        case .time(let name): return TimeText(text, as: name.kind).map { .string($0.isoText) }
        }
    }

    static func truth(_ text: ArraySlice<UInt8>) -> Bool? {
        guard text.count <= 5 else { return nil }
        switch String(decoding: text, as: UTF8.self).lowercased() {
        case "true", "t", "yes": return true
        case "false", "f", "no": return false
        default: return nil
        }
    }
}

/// The kinds of dates and times, which become ISO texts.
enum CSVKindName: Sendable, Hashable {
    case time, yearMonthDay, dayMonthYear, monthDayYear, timestamp, zonedTimestamp

    static let inOrder: [(CSVKinds, CSVKindName)] = [
        (.time, .time), (.yearMonthDay, .yearMonthDay), (.dayMonthYear, .dayMonthYear),
        (.monthDayYear, .monthDayYear), (.timestamp, .timestamp), (.zonedTimestamp, .zonedTimestamp),
    ]

    var kind: CSVKinds {
        switch self {
        case .time: .time
        case .yearMonthDay: .yearMonthDay
        case .dayMonthYear: .dayMonthYear
        case .monthDayYear: .monthDayYear
        case .timestamp: .timestamp
        case .zonedTimestamp: .zonedTimestamp
        }
    }
}
