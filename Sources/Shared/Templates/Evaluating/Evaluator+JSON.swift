import JSON

extension Evaluator {
    /// Puts out a value for the inside of a JSON string, as a schema transform needs it.
    func putJSON(_ value: Value) throws(TemplateError) {
        switch value {
        case .bool(let value): output.append(text: value ? "true" : "false")
        case .none: output.append(text: "null")
        case .string(let text), .markup(let text):
            JSONEscaping.appendUnquoted(text, to: &output, escapesNonASCII: true)
        case .list, .dictionary:
            let inner = try JSONConversion(sortsKeys: false, self).json(value).serialized(.python)
            JSONEscaping.appendUnquoted(inner, to: &output, escapesNonASCII: true)
        default: output.append(contentsOf: try text(of: value).utf8)
        }
    }
}
