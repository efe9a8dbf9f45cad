/// Joins what a template put out into one value, as Jinja's `NativeEnvironment` does.
enum NativeConcatenation {
    /// A single value that is no string is the result itself. Everything else is joined as text and, where that is a
    /// Python literal, read as one.
    static func value(of parts: [Value], _ evaluator: Evaluator) throws(TemplateError) -> Value {
        guard let first = parts.first else { return .none }
        var text = ""
        if parts.count == 1 {
            guard let only = first.text else { return first }
            text = only
        } else {
            for part in parts {
                text += try evaluator.text(of: part)
                try evaluator.checkSize(text.utf8.count)
            }
        }
        return PythonLiteral.parse(text) ?? .string(text)
    }
}
