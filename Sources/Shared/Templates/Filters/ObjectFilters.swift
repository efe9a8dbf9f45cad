import JSON

/// Filters on values of any kind.
enum ObjectFilters {
    static let table: [String: Filter.Function] = [
        "attr": { evaluator, value, arguments throws(TemplateError) in
            let name = try arguments.bind("do_attr", ["name"], required: 1)[0] ?? .none
            guard let text = name.text else { throw .type("attribute name must be string, not '\(name.typeName)'") }
            return try evaluator.ownAttribute(text, of: value) ?? evaluator.undefined(name, of: value)
        },
        "default": fallback,
        "d": fallback,
        "tojson": json,
        "pprint": { evaluator, value, arguments throws(TemplateError) in
            try arguments.expectNone("do_pprint")
            return .string(try PrettyPrinter.text(of: value, evaluator))
        },
        "jsonpath": { evaluator, value, arguments throws(TemplateError) in
            let expression = try arguments.bind("jsonpath_jinja_filter", ["expression"], required: 1)[0] ?? .none
            guard case .dictionary = value else {
                throw .value("Cannot perform JSONPath filter on non-structured data.")
            }
            return try .makeList(try JSONPath(try expression.expectText("a JSONPath")).find(in: value, evaluator))
        },
    ]

    @Sendable
    private static func fallback(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        let values = try arguments.bind("do_default", ["default_value", "boolean"])
        if value.isUndefined { return values[0] ?? .string("") }
        if try values[1].isTrue(evaluator), try !evaluator.isTrue(value) { return values[0] ?? .string("") }
        return value
    }

    @Sendable
    private static func json(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        let indent = try arguments.bind("do_tojson", ["indent"])[0].given
        var style = JSONStyle.python
        // A bare string is written before anybody looks at the indent.
        if let indent, value.text == nil {
            style.spacesSeparators = false
            let repeated = indent.text == nil ? try evaluator.binary(.multiply, .string(" "), indent) : indent
            style.indentText = repeated.text
        }
        let converted = try JSONConversion(sortsKeys: true, evaluator).json(value)
        if let indent = style.indentText { try evaluator.checkSize(indentation(converted, 1) * indent.utf8.count) }
        var escaped: [UInt8] = []
        for byte in converted.serializedBytes(style) {
            switch byte {
            case UInt8(ascii: "<"): escaped.append(text: "\\u003c")
            case UInt8(ascii: ">"): escaped.append(text: "\\u003e")
            case UInt8(ascii: "&"): escaped.append(text: "\\u0026")
            case UInt8(ascii: "'"): escaped.append(text: "\\u0027")
            default: escaped.append(byte)
            }
        }
        try evaluator.checkSize(escaped.count)
        return .markup(String(decoding: escaped, as: UTF8.self))
    }

    /// How often the indent is written.
    private static func indentation(_ value: JSONValue, _ depth: Int) -> Int {
        switch value {
        case .array(let elements): elements.reduce(depth) { $0 + depth + indentation($1, depth + 1) }
        case .object(let object): object.reduce(depth) { $0 + depth + indentation($1.value, depth + 1) }
        default: 0
        }
    }
}
