/// Filters that know HTML and URLs.
enum MarkupFilters {
    static let table: [String: Filter.Function] = [
        "escape": escape,
        "e": escape,
        "forceescape": { evaluator, value, arguments throws(TemplateError) in
            try arguments.expectNone("do_forceescape")
            return .markup(Markup.escape(try evaluator.text(of: value)))
        },
        "safe": { evaluator, value, arguments throws(TemplateError) in
            try arguments.expectNone("do_mark_safe")
            return .markup(try evaluator.text(of: value))
        },
        "striptags": { evaluator, value, arguments throws(TemplateError) in
            try arguments.expectNone("do_striptags")
            return .string(Markup.strippingTags(try evaluator.text(of: value)))
        },
        "urlencode": urlEncode,
        "urlize": urlize,
        "xmlattr": xmlAttributes,
    ]

    @Sendable
    private static func escape(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        try arguments.expectNone("escape")
        let text = try Markup.escaped(value, evaluator)
        try evaluator.checkSize(text.utf8.count)
        return .markup(text)
    }

    // MARK: URLs

    @Sendable
    private static func urlEncode(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        try arguments.expectNone("do_urlencode")
        if value.text == nil, let iterator = try evaluator.iterator(ifIterable: value) {
            var pairs: [String] = []
            if case .dictionary(let dictionary) = value {
                for place in 0..<dictionary.count {
                    pairs.append(
                        try queryPair(dictionary.key(at: place), dictionary.value(at: place), evaluator))
                }
            } else {
                while let pair = try iterator.next() {
                    try evaluator.step()
                    let elements = try evaluator.elements(pair)
                    guard elements.count == 2 else {
                        throw .value(
                            elements.count < 2
                                ? "not enough values to unpack (expected 2, got \(elements.count))"
                                : "too many values to unpack (expected 2)")
                    }
                    pairs.append(try queryPair(elements[0], elements[1], evaluator))
                }
            }
            return .string(pairs.joined(separator: "&"))
        }
        return .string(quote(try plain(value, evaluator), isQuery: false))
    }

    private static func queryPair(
        _ key: Value, _ value: Value, _ evaluator: Evaluator
    ) throws(TemplateError) -> String {
        "\(quote(try plain(key, evaluator), isQuery: true))=\(quote(try plain(value, evaluator), isQuery: true))"
    }

    private static func plain(_ value: Value, _ evaluator: Evaluator) throws(TemplateError) -> [UInt8] {
        if case .bytes(let bytes) = value { return bytes }
        return Array((try evaluator.text(of: value)).utf8)
    }

    private static func quote(_ bytes: [UInt8], isQuery: Bool) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "~"):
                result.append(byte)
            case UInt8(ascii: "/") where !isQuery: result.append(byte)
            case UInt8(ascii: " ") where isQuery: result.append(UInt8(ascii: "+"))
            default: result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    @Sendable
    private static func urlize(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        let values = try arguments.bind(
            "do_urlize", ["trim_url_limit", "nofollow", "target", "rel", "extra_schemes"])
        var relations = Set<String>(["noopener"])
        if let rel = values[3].given { relations.formUnion(PythonStrings.split(try rel.expectText("rel"))) }
        if try values[1].isTrue(evaluator) { relations.insert("nofollow") }
        var schemes: [String] = []
        if let extra = values[4].given {
            for scheme in try evaluator.elements(extra) {
                let scheme = try scheme.expectText("a URI scheme")
                guard Urlizer.isSchemePrefix(scheme) else {
                    throw .runtime("\(PythonRepr.text(scheme)) is not a valid URI scheme prefix.")
                }
                schemes.append(scheme)
            }
        }
        let target = try values[2].given.map { value throws(TemplateError) in try Markup.escaped(value, evaluator) }
        let urlizer = Urlizer(
            limit: values[0].given, rel: relations.sorted().joined(separator: " "), target: target ?? "",
            meter: evaluator.meter,
            schemes: schemes)
        let text = try urlizer.urlize(try Markup.escaped(value, evaluator))
        try evaluator.checkSize(text.utf8.count)
        return evaluator.escapesOutput ? .markup(text) : .string(text)
    }

    // MARK: Attributes

    @Sendable
    private static func xmlAttributes(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        let autospace = try arguments.bind("do_xmlattr", ["autospace"])[0]
        guard case .dictionary(let dictionary) = value else { throw noItems(value) }
        var parts: [String] = []
        for place in 0..<dictionary.count {
            let (key, value) = (dictionary.key(at: place), dictionary.value(at: place))
            if value.isNone || value.isUndefined { continue }
            guard let name = key.text else {
                throw .type("expected string or bytes-like object, got '\(key.typeName)'")
            }
            if name.utf8.contains(where: { "\t\n\u{B}\u{C}\r />=".utf8.contains($0) }) {
                throw .value("Invalid character in attribute name: \(PythonRepr.text(name))")
            }
            parts.append("\(try Markup.escaped(key, evaluator))=\"\(try Markup.escaped(value, evaluator))\"")
        }
        var text = parts.joined(separator: " ")
        let isSpaced = if let autospace { try evaluator.isTrue(autospace) } else { true }
        if !text.isEmpty, isSpaced { text = " " + text }
        return evaluator.escapesOutput ? .markup(text) : .string(text)
    }

    /// What Python says of a value that is no mapping.
    static func noItems(_ value: Value) -> TemplateError {
        if case .undefined(let undefined) = value { return undefined.error }
        return TemplateError(.runtime, .attributeError, "'\(value.typeName)' object has no attribute 'items'")
    }
}
