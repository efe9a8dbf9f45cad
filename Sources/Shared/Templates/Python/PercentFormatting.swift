import JSON

/// Python's `text % arguments`.
struct PercentFormatting {
    private let evaluator: Evaluator
    private let scalars: [Unicode.Scalar]
    private var at = 0
    private var result = ""

    /// Nil when the argument is a mapping; a single value counts as a list of one.
    private let positional: [Value]
    private let argument: Value
    private let isMapping: Bool
    private var used = 0
    /// Bytes that were put in.
    private var length = 0

    /// - Parameter escapes: each argument's text is escaped, for a format that is markup.
    static func format(
        _ text: String, _ argument: Value, _ evaluator: Evaluator, escapes: Bool = false
    ) throws(TemplateError) -> String {
        try evaluator.meter.chargeWalk(bytes: text.utf8.count)
        var formatting = PercentFormatting(text, argument, evaluator, escapes)
        try formatting.run()
        return formatting.result
    }

    private let escapes: Bool

    private init(_ text: String, _ argument: Value, _ evaluator: Evaluator, _ escapes: Bool) {
        self.evaluator = evaluator
        self.escapes = escapes
        scalars = Array(text.unicodeScalars)
        self.argument = argument
        if case .tuple(let list) = argument {
            positional = list.values
            isMapping = false
        } else {
            positional = [argument]
            switch argument {
            case .dictionary, .list, .undefined, .bytes: isMapping = true
            case .object(let object): isMapping = object is RangeObject
            default: isMapping = false
            }
        }
    }

    private mutating func run() throws(TemplateError) {
        while at < scalars.count {
            let scalar = scalars[at]
            at += 1
            if scalar == "%" { try directive() } else { result.unicodeScalars.append(scalar) }
        }
        if used < positional.count, !isMapping {
            throw .type("not all arguments converted during string formatting")
        }
    }

    private mutating func nextArgument() throws(TemplateError) -> Value {
        guard used < positional.count else { throw .type("not enough arguments for format string") }
        used += 1
        return positional[used - 1]
    }

    private struct Directive {
        var specification = FormatSpecification()
        var isLeft = false
        var isZeroPadded = false
        var value: Value?
    }

    private mutating func directive() throws(TemplateError) {
        var directive = Directive()
        if current == "(" { directive.value = try namedArgument() }
        flags: while let flag = current {
            switch flag {
            case "-": directive.isLeft = true
            case "+": directive.specification.sign = "+"
            case " ": if directive.specification.sign != "+" { directive.specification.sign = " " }
            case "#": directive.specification.isAlternate = true
            case "0": directive.isZeroPadded = true
            default: break flags
            }
            at += 1
        }
        var width = try number() ?? 0
        if width < 0 {
            directive.isLeft = true
            width = -width
        }
        directive.specification.width = width
        if current == "." {
            at += 1
            directive.specification.precision = max(0, try number() ?? 0)
        }
        if let modifier = current, modifier == "h" || modifier == "l" || modifier == "L" { at += 1 }
        guard let type = current else { throw .value("incomplete format") }
        at += 1
        if type == "%" {
            result += "%"
            return
        }
        try append(directive, type)
    }

    private var current: Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }

    private mutating func namedArgument() throws(TemplateError) -> Value {
        guard isMapping else { throw .type("format requires a mapping") }
        var (depth, start) = (1, at + 1)
        at += 1
        while depth > 0 {
            guard let scalar = current else { throw .value("incomplete format key") }
            if scalar == "(" { depth += 1 }
            if scalar == ")" { depth -= 1 }
            at += 1
        }
        let key = String(String.UnicodeScalarView(scalars[start..<(at - 1)]))
        start = at
        switch argument {
        case .dictionary(let dictionary):
            guard let value = dictionary[key] else {
                throw TemplateError(.runtime, .keyError, PythonRepr.text(key))
            }
            return value
        case .undefined(let undefined): throw undefined.error
        default: throw .type("\(argument.typeName) indices must be integers or slices, not str")
        }
    }

    /// Digits, or `*` for the next argument.
    private mutating func number() throws(TemplateError) -> Int? {
        if current == "*" {
            at += 1
            guard let value = try nextArgument().index else { throw .type("* wants int") }
            guard value.magnitude <= UInt(FormatSpecification.sizeLimit) else {
                throw .limit("a format's width is too large")
            }
            return value
        }
        var value: Int?
        while let digit = current, digit.isASCII, let decimal = PythonCharacters.decimalValue(digit) {
            value = (value ?? 0) * 10 + decimal
            guard value ?? 0 <= FormatSpecification.sizeLimit else { throw .limit("a format's width is too large") }
            at += 1
        }
        return value
    }

    private mutating func append(_ directive: Directive, _ type: Unicode.Scalar) throws(TemplateError) {
        var specification = directive.specification
        specification.alignment = directive.isLeft ? .left : .right
        let value: Value
        switch type {
        case "d", "i", "u", "o", "x", "X", "e", "E", "f", "F", "g", "G", "c", "r", "s", "a":
            value = if let named = directive.value { named } else { try nextArgument() }
        default:
            let code = String(type.value, radix: 16)
            throw .value("unsupported format character '\(type)' (0x\(code)) at index \(at - 1)")
        }
        let text: String
        switch type {
        case "s" where specification.width == 0 && specification.precision == nil:
            text = try escapes ? Markup.escaped(value, evaluator) : evaluator.text(of: value)
        case "s", "r", "a", "c":
            text = PythonFormatting.pad(
                try characters(value, type, specification), directive.isLeft ? .left : .right, specification)
        default:
            if directive.isZeroPadded, !directive.isLeft {
                specification.fill = "0"
                specification.alignment = .afterSign
            }
            text = try number(value, type, specification)
        }
        try evaluator.meter.chargeWalk(bytes: text.utf8.count)
        length += text.utf8.count
        try evaluator.checkSize(length)
        result += text
    }

    private func characters(
        _ value: Value, _ type: Unicode.Scalar, _ specification: FormatSpecification
    ) throws(TemplateError) -> [Unicode.Scalar] {
        var scalars: [Unicode.Scalar]
        switch type {
        case "c":
            if let text = value.text {
                guard text.unicodeScalars.count == 1 else { throw .type("%c requires int or char") }
                return Array(text.unicodeScalars)
            }
            guard let code = value.index else { throw .type("%c requires int or char") }
            guard let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init) else {
                throw .overflow("%c arg not in range(0x110000)")
            }
            return [scalar]
        case "s":
            scalars = Array((try escapes ? Markup.escaped(value, evaluator) : evaluator.text(of: value)).unicodeScalars)
        case "r": scalars = Array((try evaluator.repr(of: value)).unicodeScalars)
        default: scalars = Array(StringFormatting.ascii(try evaluator.repr(of: value)).unicodeScalars)
        }
        if let precision = specification.precision { scalars = Array(scalars.prefix(precision)) }
        return scalars
    }

    private func number(
        _ value: Value, _ type: Unicode.Scalar, _ specification: FormatSpecification
    ) throws(TemplateError) -> String {
        if case .undefined(let undefined) = value { throw undefined.error }
        guard let number = PythonNumber(value) else { throw wrongKind(value, type) }
        var specification = specification
        switch type {
        case "e", "E", "f", "F", "g", "G":
            specification.type = type
            return try PythonFormatting.format(try number.double(), specification)
        case "d", "i", "u":
            if case .float(let double) = number, !double.isFinite {
                throw double.isNaN
                    ? .value("cannot convert float NaN to integer")
                    : .overflow("cannot convert float infinity to integer")
            }
        default:
            if case .float = number { throw wrongKind(value, type) }
        }
        return try integer(number.big, type, specification)
    }

    /// The precision of an integer is the least number of its digits.
    private func integer(
        _ value: BigInteger, _ type: Unicode.Scalar, _ specification: FormatSpecification
    ) throws(TemplateError) -> String {
        let magnitude = value.magnitude
        var (prefix, digits): (String, String)
        switch type {
        case "o": (prefix, digits) = ("0o", magnitude.text(radix: 8))
        case "x": (prefix, digits) = ("0x", magnitude.text(radix: 16))
        case "X": (prefix, digits) = ("0X", PythonCase.upper(magnitude.text(radix: 16)))
        default: (prefix, digits) = ("", try PythonPrinter.decimal(magnitude, evaluator.meter))
        }
        if let precision = specification.precision, precision > digits.utf8.count {
            digits = String(repeating: "0", count: precision - digits.utf8.count) + digits
        }
        let sign = value.isNegative ? "-" : specification.sign == "-" ? "" : String(specification.sign)
        let layout = NumberLayout(
            sign: sign + (specification.isAlternate ? prefix : ""), whole: Array(digits.utf8), rest: [], groupSize: 3)
        return layout.text(specification)
    }

    private func wrongKind(_ value: Value, _ type: Unicode.Scalar) -> TemplateError {
        switch type {
        case "e", "E", "f", "F", "g", "G": .type("must be real number, not \(value.typeName)")
        case "o", "x", "X": .type("%\(type) format: an integer is required, not \(value.typeName)")
        default: .type("%\(type) format: a real number is required, not \(value.typeName)")
        }
    }
}
