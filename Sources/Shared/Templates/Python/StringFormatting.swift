import JSON

/// Python's `text.format(...)`, with the sandbox's rules for the fields' attributes and elements.
struct StringFormatting {
    private let evaluator: Evaluator
    private let arguments: Arguments
    /// What is put in is escaped, for a format that is markup.
    private let escapes: Bool
    private var nextPlace: Int? = 0

    static func format(
        _ text: String, _ arguments: Arguments, _ evaluator: Evaluator, escapes: Bool = false
    ) throws(TemplateError) -> String {
        var formatting = StringFormatting(evaluator: evaluator, arguments: arguments, escapes: escapes)
        return try formatting.expand(Array(text.unicodeScalars), depth: 2)
    }

    private init(evaluator: Evaluator, arguments: Arguments, escapes: Bool) {
        self.evaluator = evaluator
        self.arguments = arguments
        self.escapes = escapes
    }

    private mutating func expand(_ scalars: [Unicode.Scalar], depth: Int) throws(TemplateError) -> String {
        guard depth >= 0 else { throw .value("Max string recursion exceeded") }
        var result = ""
        var (at, length) = (0, scalars.count)
        while at < scalars.count {
            let scalar = scalars[at]
            at += 1
            guard scalar == "{" || scalar == "}" else {
                result.unicodeScalars.append(scalar)
                continue
            }
            if at < scalars.count, scalars[at] == scalar {
                result.unicodeScalars.append(scalar)
                at += 1
                continue
            }
            if scalar == "}" { throw .value("Single '}' encountered in format string") }
            guard at < scalars.count else { throw .value("Single '{' encountered in format string") }
            let text = try field(scalars, &at, depth)
            try evaluator.meter.chargeWalk(bytes: text.utf8.count)
            length += text.utf8.count
            try evaluator.checkSize(length)
            result += text
        }
        return result
    }

    /// `name!conversion:specification}`; `at` stands behind the opening brace.
    private mutating func field(
        _ scalars: [Unicode.Scalar], _ at: inout Int, _ depth: Int
    ) throws(TemplateError) -> String {
        let nameStart = at
        var isInBrackets = false
        while at < scalars.count {
            if scalars[at] == "[" { isInBrackets = true }
            if scalars[at] == "]" { isInBrackets = false }
            if scalars[at] == "{" { throw .value("unexpected '{' in field name") }
            if !isInBrackets, scalars[at] == "}" || scalars[at] == ":" || scalars[at] == "!" { break }
            at += 1
        }
        guard at < scalars.count else { throw .value("expected '}' before end of string") }
        let name = String(String.UnicodeScalarView(scalars[nameStart..<at]))
        var conversion: Unicode.Scalar?
        if scalars[at] == "!" {
            guard at + 2 < scalars.count else { throw .value("unmatched '{' in format spec") }
            conversion = scalars[at + 1]
            at += 2
            guard scalars[at] == ":" || scalars[at] == "}" else {
                throw .value("expected ':' after conversion specifier")
            }
        }
        var specification: [Unicode.Scalar] = []
        if scalars[at] == ":" {
            let start = at + 1
            var nesting = 1
            while nesting > 0 {
                at += 1
                guard at < scalars.count else { throw .value("unmatched '{' in format spec") }
                if scalars[at] == "{" { nesting += 1 }
                if scalars[at] == "}" { nesting -= 1 }
            }
            specification = Array(scalars[start..<at])
        }
        at += 1
        let value = try converted(try lookUp(name), conversion)
        let expanded = specification.isEmpty ? "" : try expand(specification, depth: depth - 1)
        return try formatted(value, expanded)
    }

    private func formatted(_ value: Value, _ specification: String) throws(TemplateError) -> String {
        guard escapes else { return try PythonFormatting.format(value, specification, evaluator) }
        if case .markup(let text) = value {
            guard specification.isEmpty else {
                throw .value("Format specifier \(specification) given, but Markup does not define __html_format__.")
            }
            return text
        }
        return Markup.escape(try PythonFormatting.format(value, specification, evaluator))
    }

    private func converted(_ value: Value, _ conversion: Unicode.Scalar?) throws(TemplateError) -> Value {
        switch conversion {
        case nil: value
        case "s": .string(try evaluator.text(of: value))
        case "r": .string(try evaluator.repr(of: value))
        case "a": .string(Self.ascii(try evaluator.repr(of: value)))
        case let other?: throw .value("Unknown conversion specifier \(other)")
        }
    }

    /// The value of `first.attribute[element]...`.
    private mutating func lookUp(_ name: String) throws(TemplateError) -> Value {
        let scalars = Array(name.unicodeScalars)
        var at = scalars.firstIndex { $0 == "." || $0 == "[" } ?? scalars.count
        var value = try first(String(String.UnicodeScalarView(scalars[..<at])))
        while at < scalars.count {
            let isAttribute = scalars[at] == "."
            let start = at + 1
            guard isAttribute || scalars[at] == "[" else {
                throw .value("Only '.' or '[' may follow ']' in format field specifier")
            }
            let rest = scalars[start...]
            let end =
                isAttribute ? rest.firstIndex { $0 == "." || $0 == "[" } ?? scalars.count : rest.firstIndex(of: "]")
            guard let end else { throw .value("Missing ']' in format string") }
            let part = String(String.UnicodeScalarView(scalars[start..<end]))
            guard !part.isEmpty else { throw .value("Empty attribute in format string") }
            if isAttribute {
                value = try evaluator.attribute(part, of: value)
            } else {
                value = try evaluator.item(Self.index(part).map(Value.integer) ?? .string(part), of: value)
            }
            at = isAttribute ? end : end + 1
        }
        return value
    }

    private mutating func first(_ name: String) throws(TemplateError) -> Value {
        var place = Self.index(name)
        if name.isEmpty {
            guard let next = nextPlace else {
                throw .value("cannot switch from manual field specification to automatic field numbering")
            }
            place = next
            nextPlace = next + 1
        } else if place != nil {
            guard nextPlace == nil || nextPlace == 0 else {
                throw .value("cannot switch from manual field specification to automatic field numbering")
            }
            nextPlace = nil
        }
        if let place {
            guard place < arguments.positional.count else {
                throw TemplateError(
                    .runtime, .indexError, "Replacement index \(place) out of range for positional args tuple")
            }
            return arguments.positional[place]
        }
        guard let value = arguments.keyword(name) else {
            throw TemplateError(.runtime, .keyError, PythonRepr.text(name))
        }
        return value
    }

    /// The number that a text of digits only is.
    private static func index(_ text: String) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    /// The text with everything but ASCII escaped.
    static func ascii(_ text: String) -> String {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                bytes.append(UInt8(scalar.value))
            } else {
                PythonRepr.appendEscape(scalar.value, to: &bytes)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
