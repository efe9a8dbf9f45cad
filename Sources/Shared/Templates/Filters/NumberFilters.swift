import Glibc
import JSON

/// Filters on numbers.
enum NumberFilters {
    static let table: [String: Filter.Function] = [
        "abs": abs,
        "int": integer,
        "float": float,
        "round": round,
        "filesizeformat": fileSize,
    ]

    @Sendable
    private static func abs(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        try arguments.expectNone("abs")
        guard let number = PythonNumber(value) else { throw .type("bad operand type for abs(): '\(value.typeName)'") }
        switch number {
        case .integer(let value) where value >= 0: return .integer(value)
        case .integer: return PythonArithmetic.negate(number)
        case .bigInteger(let value): return Value(value.magnitude)
        case .float(let value): return .float(value.magnitude)
        }
    }

    @Sendable
    private static func integer(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        let values = try arguments.bind("do_int", ["default", "base"])
        let fallback = values[0] ?? .integer(0)
        if case .undefined(let undefined) = value { throw undefined.error }
        if let text = value.text {
            let base = values[1].map { $0.index ?? -1 } ?? 10
            let isBase = base == 0 || (2...36).contains(base)
            if isBase, let number = PythonNumberParsing.integer(text, base: base) { return number }
            guard let number = PythonNumberParsing.float(text), number.isFinite else { return fallback }
            return Value(BigInteger(truncating: number))
        }
        switch PythonNumber(value) {
        case .integer(let number)?: return .integer(number)
        case .bigInteger(let number)?: return Value(number)
        case .float(let number)?:
            if number.isInfinite { throw .overflow("cannot convert float infinity to integer") }
            return number.isNaN ? fallback : Value(BigInteger(truncating: number))
        case nil: return fallback
        }
    }

    @Sendable
    private static func float(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        let fallback = try arguments.bind("do_float", ["default"])[0] ?? .float(0)
        if case .undefined(let undefined) = value { throw undefined.error }
        if let text = value.text { return PythonNumberParsing.float(text).map(Value.float) ?? fallback }
        guard let number = PythonNumber(value) else { return fallback }
        return .float(try number.double())
    }

    // MARK: Rounding

    @Sendable
    private static func round(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        let values = try arguments.bind("do_round", ["precision", "method"])
        let method = values[1] ?? .string("common")
        _ = try HashKey(method, evaluator.meter)
        guard let method = method.text, ["common", "ceil", "floor"].contains(method) else {
            throw .runtime("method must be common, ceil or floor")
        }
        let precision = values[0] ?? .integer(0)
        if method != "common" { return try roundTowards(value, precision, up: method == "ceil", evaluator) }
        guard let number = PythonNumber(value) else {
            throw .type("type \(value.typeName) doesn't define __round__ method")
        }
        let places: Int? = precision.isNone ? nil : try precision.cInteger()
        switch number {
        case .float(let double):
            guard let places else { return try whole(double.rounded(.toNearestOrEven)) }
            guard let rounded = FloatDigits.rounded(double, places: places) else {
                throw .overflow("rounded value too large to represent")
            }
            return .float(rounded)
        case .integer, .bigInteger: return try round(number.big, places: places ?? 0)
        }
    }

    private static func round(_ number: BigInteger, places: Int) throws(TemplateError) -> Value {
        guard places < 0 else { return Value(number) }
        guard places > -10_000 else { return .integer(0) }
        let unit = BigInteger(10).power(-places)
        let (quotient, remainder) = number.flooredDivision(by: unit)
        let doubled = remainder + remainder
        let isUp = doubled > unit || doubled == unit && (quotient.limbs.first ?? 0) & 1 == 1
        return Value((isUp ? quotient + BigInteger(1) : quotient) * unit)
    }

    /// `func(value * (10**precision)) / (10**precision)`, as the reference has it.
    private static func roundTowards(
        _ value: Value, _ precision: Value, up: Bool, _ evaluator: Evaluator
    ) throws(TemplateError) -> Value {
        let unit = try evaluator.binary(.power, .integer(10), precision)
        let scaled = try evaluator.binary(.multiply, value, unit)
        let whole: Value
        switch PythonNumber(scaled) {
        case .float(let double)?: whole = try Self.whole(up ? double.rounded(.up) : double.rounded(.down))
        case nil: throw .type("must be real number, not \(scaled.typeName)")
        default: whole = scaled
        }
        return try evaluator.binary(.divide, whole, unit)
    }

    private static func whole(_ double: Double) throws(TemplateError) -> Value {
        if double.isNaN { throw .value("cannot convert float NaN to integer") }
        if double.isInfinite { throw .overflow("cannot convert float infinity to integer") }
        return Value(BigInteger(truncating: double))
    }

    // MARK: Sizes

    @Sendable
    private static func fileSize(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        let isBinary = try arguments.bind("do_filesizeformat", ["binary"])[0].isTrue(evaluator)
        let bytes = try double(value)
        if bytes == 1 { return .string("1 Byte") }
        let base: Double = isBinary ? 1024 : 1000
        if bytes < base { return .string("\(try evaluator.text(of: try whole(bytes.rounded(.towardZero)))) Bytes") }
        var unit = base
        var prefix: Character = "Y"
        for letter in "KMGTPEZY" {
            unit *= base
            prefix = letter
            if bytes < unit { break }
        }
        let name = isBinary ? "\(prefix)iB" : prefix == "K" ? "kB" : "\(prefix)B"
        var specification = FormatSpecification()
        specification.precision = 1
        specification.type = "f"
        return .string("\(try PythonFormatting.format(base * bytes / unit, specification)) \(name)")
    }

    private static func double(_ value: Value) throws(TemplateError) -> Double {
        if case .undefined(let undefined) = value { throw undefined.error }
        if let text = value.text {
            guard let number = PythonNumberParsing.float(text) else {
                throw .value("could not convert string to float: \(PythonRepr.text(text))")
            }
            return number
        }
        guard let number = PythonNumber(value) else {
            throw .type("float() argument must be a string or a real number, not '\(value.typeName)'")
        }
        return try number.double()
    }
}
