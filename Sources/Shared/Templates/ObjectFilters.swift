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
        if let indent {
            style.spacesSeparators = false
            if let text = indent.text {
                style.indentText = text
            } else {
                let width = try indent.cInteger()
                try evaluator.checkSize(width)
                style.indentText = String(repeating: " ", count: max(0, width))
            }
        }
        let converted = try JSONConversion(sortsKeys: true, evaluator).json(value)
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
}
