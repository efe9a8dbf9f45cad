// Rounding is a call into libm, which this import links.
import Glibc
import JSON

/// The `convert_to` of samplers that are no times: what pandas' `astype` does after rounding.
enum NumberConversion: String, Sendable {
    case int, float, str

    func convert(_ value: JSONValue) -> JSONValue {
        switch (self, value) {
        case (.int, .number(let number)): .integer(Self.whole(number))
        case (.float, .integer(let number)): .number(Double(number))
        case (.float, .bigInteger(let text)), (.float, .string(let text)):
            Double(text).map { .number($0) } ?? value
        case (.str, .integer(let number)): .string("\(number)")
        case (.str, .bigInteger(let text)): .string(text)
        case (.str, .number(let number)): .string(PythonFloat.repr(number))
        default: value
        }
    }

    /// Half to even; the nearest integer that there is.
    private static func whole(_ number: Double) -> Int64 {
        let rounded = number.rounded(.toNearestOrEven)
        return Int64(exactly: rounded) ?? (rounded > 0 ? .max : .min)
    }
}

extension JSONValue {
    /// Rounded to decimal places; with a conversion to `int` the value is made an integer first.
    func rounded(places: Int, before conversion: NumberConversion?) -> JSONValue {
        let value = conversion == .int ? NumberConversion.int.convert(self) : self
        switch value {
        case .number(let number): return .number(PortableMath.rounded(number, places: places))
        case .integer(let number) where places < 0:
            return Int64(exactly: PortableMath.rounded(Double(number), places: places)).map { .integer($0) } ?? value
        default: return value
        }
    }
}
