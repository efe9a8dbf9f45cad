/// The path of an `attribute` argument: names and numbers with dots between them.
struct AttributePath {
    private let parts: [Value]

    /// - Parameter attribute: a text, or anything else as the one part.
    init(_ attribute: Value) throws(TemplateError) {
        if let text = attribute.text { self.init(path: text) } else { self.init(parts: [attribute]) }
    }

    private init(path: String) {
        self.init(
            parts: PythonStrings.split(path, separator: ".").map { part in
                let isNumber = !part.isEmpty && part.unicodeScalars.allSatisfy(PythonCharacters.isDigit)
                return isNumber ? PythonNumberParsing.integer(part) ?? .string(part) : .string(part)
            })
    }

    private init(parts: [Value]) {
        self.parts = parts
    }

    /// The paths of several attributes with commas between them; one of no parts when there is no attribute.
    static func several(_ attribute: Value?) throws(TemplateError) -> [AttributePath] {
        guard let attribute = attribute.given else { return [AttributePath()] }
        guard let text = attribute.text else { return [try AttributePath(attribute)] }
        return PythonStrings.split(text, separator: ",").map(AttributePath.init(path:))
    }

    /// The path that leads nowhere else.
    init() {
        parts = []
    }

    /// What the path leads to.
    ///
    /// - Parameter fallback: stands for any part that is not there.
    func value(in value: Value, _ evaluator: Evaluator, or fallback: Value? = nil) throws(TemplateError) -> Value {
        var value = value
        for part in parts {
            value = try evaluator.item(part, of: value)
            if let fallback, value.isUndefined { value = fallback }
        }
        return value
    }
}
