/// One call of a string's method.
struct StringCall {
    let text: String
    let isMarkup: Bool
    let arguments: Arguments
    let evaluator: Evaluator
    let name: String

    init(_ text: String, _ isMarkup: Bool, _ arguments: Arguments, _ evaluator: Evaluator, _ name: String) {
        self.text = text
        self.isMarkup = isMarkup
        self.arguments = arguments
        self.evaluator = evaluator
        self.name = name
    }

    /// A result of the receiver's own kind.
    func wrap(_ text: String) throws(TemplateError) -> Value {
        try evaluator.checkSize(text.utf8.count)
        return isMarkup ? .markup(text) : .string(text)
    }

    func wrap(_ parts: [String]) throws(TemplateError) -> Value {
        try evaluator.meter.charge(parts.count >> 2)
        return .list(ValueList(values: parts.map { isMarkup ? .markup($0) : .string($0) }, depth: 1))
    }

    func wrapTuple(_ parts: [String]) -> Value {
        .tuple(ValueList(values: parts.map { isMarkup ? .markup($0) : .string($0) }, depth: 1))
    }

    func bind(
        _ parameters: [String], required: Int = 0, positionalOnly: Int? = nil
    ) throws(TemplateError) -> [Value?] {
        try arguments.bind(
            "str.\(name)", parameters, required: required, positionalOnly: positionalOnly ?? parameters.count)
    }

    func expectNone() throws(TemplateError) { try arguments.expectNone("str.\(name)") }

    /// A text argument, which markup escapes.
    func escaped(_ value: Value, _ what: String) throws(TemplateError) -> String {
        isMarkup ? try Markup.escaped(value, evaluator) : try value.expectText(what)
    }

    /// The part of the text from code point `start` to `end`, which count from its end when negative, and where it
    /// begins; nil when `start` lies behind the text.
    func part(_ start: Value?, _ end: Value?) throws(TemplateError) -> (
        scalars: ArraySlice<Unicode.Scalar>, offset: Int
    )? {
        let scalars = Array(text.unicodeScalars)
        func clamp(_ index: Int) -> Int { max(0, index < 0 ? index + scalars.count : index) }
        let first = clamp(try start.given.integer(or: 0))
        let last = min(scalars.count, clamp(try end.given.integer(or: scalars.count)))
        guard first <= scalars.count, first <= last else { return nil }
        return (scalars[first..<last], first)
    }
}
