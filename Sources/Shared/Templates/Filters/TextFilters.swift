/// Filters on plain text.
enum TextFilters {
    static let table: [String: Filter.Function] = [
        "capitalize": { evaluator, value, arguments throws(TemplateError) in
            try change(evaluator, value, arguments, "capitalize", PythonCase.capitalize)
        },
        "lower": { evaluator, value, arguments throws(TemplateError) in
            try change(evaluator, value, arguments, "lower", PythonCase.lower)
        },
        "upper": { evaluator, value, arguments throws(TemplateError) in
            try change(evaluator, value, arguments, "upper", PythonCase.upper)
        },
        "center": center,
        "format": format,
        "indent": indent,
        "replace": replace,
        "string": { evaluator, value, arguments throws(TemplateError) in
            try arguments.expectNone("soft_str")
            return try soft(value, evaluator)
        },
        "title": { evaluator, value, arguments throws(TemplateError) in
            try arguments.expectNone("do_title")
            return .string(title(try evaluator.text(of: value)))
        },
        "trim": trim,
        "truncate": truncate,
        "wordcount": { evaluator, value, arguments throws(TemplateError) in
            try arguments.expectNone("do_wordcount")
            return .integer(wordCount(try evaluator.text(of: value)))
        },
        "wordwrap": wordWrap,
    ]

    /// The value as a string, which keeps being markup.
    static func soft(_ value: Value, _ evaluator: Evaluator) throws(TemplateError) -> Value {
        value.text == nil ? .string(try evaluator.text(of: value)) : value
    }

    private static func change(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments, _ name: String, _ change: (String) -> String
    ) throws(TemplateError) -> Value {
        try arguments.expectNone("do_\(name)")
        let text = change(try evaluator.text(of: value))
        return value.isMarkup ? .markup(text) : .string(text)
    }

    @Sendable
    private static func center(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        let width = try arguments.bind("do_center", ["width"])[0].integer(or: 80)
        try evaluator.checkSize(width)
        let text = PythonStrings.center(try evaluator.text(of: value), width)
        return value.isMarkup ? .markup(text) : .string(text)
    }

    @Sendable
    private static func format(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        guard arguments.positional.isEmpty || arguments.keywords.isEmpty else {
            throw .runtime("can't handle positional and keyword arguments at the same time")
        }
        let argument: Value
        if arguments.keywords.isEmpty {
            argument = try .makeTuple(arguments.positional)
        } else {
            var table = DictionaryTable()
            for (name, value) in arguments.keywords { table.set(name, value) }
            argument = try .makeDictionary(table)
        }
        return try evaluator.binary(.modulo, try soft(value, evaluator), argument)
    }

    @Sendable
    private static func indent(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        let values = try arguments.bind("do_indent", ["width", "first", "blank"])
        let first = try values[1].isTrue(evaluator)
        let blank = try values[2].isTrue(evaluator)
        let indention: String
        if let width = values[0], let text = width.text {
            indention = value.isMarkup ? try Markup.escaped(width, evaluator) : text
        } else {
            indention = try evaluator.binary(.multiply, .string(" "), values[0] ?? .integer(4)).text ?? ""
        }
        if case .list = value {
            throw TemplateError(.runtime, .attributeError, "'list' object has no attribute 'splitlines'")
        }
        guard let text = try evaluator.add(value, .string("\n")).text else { return value }
        let lines = PythonStrings.splitLines(text)
        let (size, overflow) = lines.count.multipliedReportingOverflow(by: indention.utf8.count)
        try evaluator.checkSize(overflow ? .max : size + text.utf8.count)
        var result = first ? indention : ""
        for (place, line) in lines.enumerated() {
            if place > 0 { result += "\n" + (blank || !line.isEmpty ? indention : "") }
            result += line
        }
        return value.isMarkup ? .markup(result) : .string(result)
    }

    @Sendable
    private static func replace(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        let values = try arguments.bind("do_replace", ["old", "new", "count"], required: 2)
        let limit = try values[2].given.integer(or: -1)
        var text = try evaluator.text(of: value)
        let (oldValue, newValue) = (values[0] ?? .none, values[1] ?? .none)
        let old = try evaluator.text(of: oldValue)
        var new = try evaluator.text(of: newValue)
        var isMarkup = false
        if evaluator.escapesOutput {
            isMarkup = value.isMarkup || oldValue.isMarkup || newValue.isMarkup
            if !value.isMarkup, isMarkup { text = Markup.escape(text) }
            if isMarkup { new = try Markup.escaped(newValue, evaluator) }
        }
        let result = try StringMethods.replace(text, old, new, limit: limit, evaluator)
        return isMarkup ? .markup(result) : .string(result)
    }

    /// Each word's first character in upper case, all others in lower case; words begin behind white space, hyphens and
    /// opening brackets.
    private static func title(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        var start = 0
        func isBoundary(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar {
            case "-", "(", "{", "[", "<": true
            default: PythonCharacters.isSpace(scalar)
            }
        }
        while start < scalars.count {
            let kind = isBoundary(scalars[start])
            let end = scalars[start...].firstIndex { isBoundary($0) != kind } ?? scalars.count
            let item = Array(scalars[start..<end])
            result.append(contentsOf: PythonCase.upper(String(item[0])).unicodeScalars)
            result.append(
                contentsOf: PythonCase.lower(PythonStrings.string(item.dropFirst())).unicodeScalars)
            start = end
        }
        return String(result)
    }

    @Sendable
    private static func trim(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        let characters = try arguments.bind("do_trim", ["chars"])[0].given
        let text = try evaluator.text(of: value)
        if let characters, characters.text == nil { throw .type("strip arg must be None or str") }
        let result = PythonStrings.strip(text, characters?.text, .both)
        return value.isMarkup ? .markup(result) : .string(result)
    }

    @Sendable
    private static func truncate(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        let values = try arguments.bind("do_truncate", ["length", "killwords", "end", "leeway"])
        let (lengthValue, leeway) = (values[0] ?? .integer(255), values[3].given ?? .integer(5))
        let endValue = values[2] ?? .string("...")
        let endLength = try evaluator.length(endValue)
        guard try PythonComparison.order(lengthValue, .integer(endLength), .greaterOrEqual, evaluator.meter) else {
            let length = try evaluator.text(of: lengthValue)
            throw TemplateError(.runtime, .assertionError, "expected length >= \(endLength), got \(length)")
        }
        guard try PythonComparison.order(leeway, .integer(0), .greaterOrEqual, evaluator.meter) else {
            throw TemplateError(
                .runtime, .assertionError, "expected leeway >= 0, got \(try evaluator.text(of: leeway))")
        }
        let bound = try evaluator.binary(.add, lengthValue, leeway)
        if try PythonComparison.order(.integer(try evaluator.length(value)), bound, .lessOrEqual, evaluator.meter) {
            return value
        }
        guard let length = lengthValue.index else {
            throw .type("slice indices must be integers or None or have an __index__ method")
        }
        guard let text = value.text else {
            throw TemplateError(.runtime, .attributeError, "'\(value.typeName)' object has no attribute 'rsplit'")
        }
        var part = PythonStrings.string(text.unicodeScalars.prefix(length - endLength))
        if try !values[1].isTrue(evaluator) {
            part = PythonStrings.splitFromRight(part, separator: " ", limit: 1)[0]
        }
        return try evaluator.add(value.isMarkup ? .markup(part) : .string(part), endValue)
    }

    private static func wordCount(_ text: String) -> Int {
        var (count, isInside) = (0, false)
        for scalar in text.unicodeScalars {
            let isWord = PythonCharacters.isWord(scalar)
            if isWord, !isInside { count += 1 }
            isInside = isWord
        }
        return count
    }

    @Sendable
    private static func wordWrap(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        let values = try arguments.bind(
            "do_wordwrap", ["width", "break_long_words", "wrapstring", "break_on_hyphens"])
        if case .undefined(let undefined) = value { throw undefined.error }
        guard let text = value.text else {
            throw TemplateError(.runtime, .attributeError, "'\(value.typeName)' object has no attribute 'splitlines'")
        }
        let wrapper = TextWrapper(
            width: values[0] ?? .integer(79),
            breaksLongWords: try values[1].map { value throws(TemplateError) in try evaluator.isTrue(value) } ?? true,
            breaksOnHyphens: try values[3].map { value throws(TemplateError) in try evaluator.isTrue(value) } ?? true)
        let separatorValue = values[2].given ?? .string("\n")
        guard let separator = separatorValue.text else {
            throw TemplateError(
                .runtime, .attributeError, "'\(separatorValue.typeName)' object has no attribute 'join'")
        }
        var lines: [String] = []
        for line in PythonStrings.splitLines(text) {
            lines.append(try wrapper.wrap(line).joined(separator: separator))
        }
        let (size, overflow) = lines.count.multipliedReportingOverflow(by: separator.utf8.count)
        try evaluator.checkSize(overflow ? .max : size)
        let result = lines.joined(separator: separator)
        try evaluator.checkSize(result.utf8.count)
        return .string(result)
    }
}

extension Value? {
    /// Whether an argument was given that is true.
    func isTrue(_ evaluator: Evaluator) throws(TemplateError) -> Bool {
        guard let value = self else { return false }
        return try evaluator.isTrue(value)
    }
}
