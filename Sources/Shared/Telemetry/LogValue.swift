import Logging

/// One value of a log line: numbers and truth values stay what they are in JSON.
enum LogValue: Hashable, Sendable {
    case text(String)
    case integer(Int64)
    case number(Double)
    case bool(Bool)

    init(_ value: Logger.MetadataValue) {
        switch value {
        case .string(let text): self = .text(text)
        case .stringConvertible(let convertible): self.init(convertible)
        case .array, .dictionary: self = .text(value.description)
        }
    }

    private init(_ convertible: any CustomStringConvertible) {
        switch convertible {
        case let value as Bool: self = .bool(value)
        case let value as any BinaryInteger: self = .integer(Int64(clamping: value))
        case let value as Double where value.isFinite: self = .number(value)
        default: self = .text(convertible.description)
        }
    }
}
