import JSON

/// Python's `format(value, specification)`.
enum PythonFormatting {
    static func format(_ value: Value, _ specification: String, _ evaluator: Evaluator) throws(TemplateError) -> String
    {
        switch value {
        case .undefined(let undefined) where undefined.isStrict: throw undefined.error
        case .string(let text) where specification.isEmpty, .markup(let text) where specification.isEmpty: return text
        case .string(let text), .markup(let text):
            return try format(text, FormatSpecification(parsing: specification, for: value.typeName))
        case .bool where specification.isEmpty: return try evaluator.text(of: value)
        case .integer, .bigInteger, .bool:
            let parsed = try FormatSpecification(parsing: specification, for: value.typeName)
            return try format(integer: PythonNumber(value)?.big ?? BigInteger(0), parsed, value.typeName, evaluator)
        case .float(let number):
            return try format(number, FormatSpecification(parsing: specification, for: "float"))
        default:
            guard specification.isEmpty else {
                throw .type("unsupported format string passed to \(value.typeName).__format__")
            }
            return try evaluator.text(of: value)
        }
    }

    static func format(_ text: String, _ specification: FormatSpecification) throws(TemplateError) -> String {
        guard specification.type == nil || specification.type == "s" else {
            throw specification.unknownType(for: "str")
        }
        if specification.sign != "-" {
            throw .value("Sign not allowed in string format specifier")
        }
        if specification.isAlternate { throw .value("Alternate form (#) not allowed in string format specifier") }
        if specification.alignment == .afterSign, !specification.isZeroPadded {
            throw .value("'=' alignment not allowed in string format specifier")
        }
        if let grouping = specification.grouping { throw .value("Cannot specify '\(grouping)' with 's'.") }
        var scalars = Array(text.unicodeScalars)
        if let precision = specification.precision { scalars = Array(scalars.prefix(precision)) }
        let alignment = specification.alignment == .afterSign ? .left : specification.alignment ?? .left
        return pad(scalars, alignment, specification)
    }

    static func format(
        integer value: BigInteger, _ specification: FormatSpecification, _ typeName: String, _ evaluator: Evaluator
    ) throws(TemplateError) -> String {
        var prefix = ""
        let digits: String
        switch specification.type {
        case nil, "d", "n": digits = try PythonPrinter.decimal(value.magnitude, evaluator.meter)
        case "b": (prefix, digits) = ("0b", value.magnitude.text(radix: 2))
        case "o": (prefix, digits) = ("0o", value.magnitude.text(radix: 8))
        case "x": (prefix, digits) = ("0x", value.magnitude.text(radix: 16))
        case "X": (prefix, digits) = ("0X", PythonCase.upper(value.magnitude.text(radix: 16)))
        case "c": return try character(value, specification)
        case "e", "E", "f", "F", "g", "G", "%":
            return try format(try PythonNumber.bigInteger(value).double(), specification)
        default: throw specification.unknownType(for: typeName)
        }
        guard specification.precision == nil else { throw .value("Precision not allowed in integer format specifier") }
        guard !specification.coercesNegativeZero else {
            throw .value("Negative zero coercion (z) not allowed in format specifier with integer")
        }
        let sign = signText(value.isNegative, specification)
        let isBinary =
            specification.type == "b" || specification.type == "o" || specification.type == "x"
            || specification.type == "X"
        let layout = NumberLayout(
            sign: sign + (specification.isAlternate ? prefix : ""), whole: Array(digits.utf8), rest: [],
            groupSize: isBinary ? 4 : 3)
        return layout.text(specification)
    }

    private static func character(
        _ value: BigInteger, _ specification: FormatSpecification
    ) throws(TemplateError) -> String {
        guard specification.sign == "-" else { throw .value("Sign not allowed with integer format specifier 'c'") }
        guard let code = value.small, let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init) else {
            throw .overflow("%c arg not in range(0x110000)")
        }
        return pad(
            [scalar], specification.alignment == .afterSign ? .right : specification.alignment ?? .left, specification)
    }

    static func format(_ value: Double, _ specification: FormatSpecification) throws(TemplateError) -> String {
        let type = specification.type
        let isPercent = type == "%"
        let scaled = isPercent ? value * 100 : value
        let body: [UInt8]
        if !scaled.isFinite {
            body = Array((scaled.isNaN ? "nan" : "inf").utf8)
        } else {
            body = try digits(of: scaled.magnitude, specification)
        }
        var isNegative = scaled.sign == .minus && !scaled.isNaN
        if specification.coercesNegativeZero, body.allSatisfy({ !(UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0) })
        {
            isNegative = isNegative && !scaled.isFinite
        }
        let isUpper = type == "E" || type == "F" || type == "G"
        var text = isUpper ? Array(PythonCase.upper(String(decoding: body, as: UTF8.self)).utf8) : body
        if isPercent { text.append(UInt8(ascii: "%")) }
        let wholeEnd = text.firstIndex { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? text.endIndex
        let layout = NumberLayout(
            sign: signText(isNegative, specification), whole: Array(text[..<wholeEnd]), rest: Array(text[wholeEnd...]),
            groupSize: 3)
        return layout.text(specification)
    }

    private static func digits(
        of magnitude: Double, _ specification: FormatSpecification
    ) throws(TemplateError) -> [UInt8] {
        let alternate = specification.isAlternate
        switch specification.type {
        case "f", "F", "%":
            return FloatLayout.fixed(magnitude, specification.precision ?? 6, alternate)
        case "e", "E":
            return FloatLayout.scientific(magnitude, specification.precision ?? 6, alternate)
        case "g", "G", "n":
            return FloatLayout.general(magnitude, specification.precision ?? 6, alternate, addsPointZero: false)
        case nil:
            guard let precision = specification.precision else {
                return FloatLayout.shortest(magnitude, alternate)
            }
            return FloatLayout.general(magnitude, precision, alternate, addsPointZero: true)
        default: throw specification.unknownType(for: "float")
        }
    }

    private static func signText(_ isNegative: Bool, _ specification: FormatSpecification) -> String {
        if isNegative { return "-" }
        return specification.sign == "-" ? "" : String(specification.sign)
    }

    static func pad(
        _ scalars: [Unicode.Scalar], _ alignment: FormatSpecification.Alignment, _ specification: FormatSpecification
    ) -> String {
        let missing = max(0, specification.width - scalars.count)
        let before = alignment == .left ? 0 : alignment == .center ? missing / 2 : missing
        var result = String.UnicodeScalarView()
        result.append(contentsOf: repeatElement(specification.fill, count: before))
        result.append(contentsOf: scalars)
        result.append(contentsOf: repeatElement(specification.fill, count: missing - before))
        return String(result)
    }
}
