extension StringMethods {
    static let searches: [String: Method] = [
        "find": { call throws(TemplateError) in .integer(try find(call, fromRight: false) ?? -1) },
        "rfind": { call throws(TemplateError) in .integer(try find(call, fromRight: true) ?? -1) },
        "index": { call throws(TemplateError) in try index(call, fromRight: false) },
        "rindex": { call throws(TemplateError) in try index(call, fromRight: true) },
        "count": { call throws(TemplateError) in
            let values = try call.bind(["sub", "start", "end"], required: 1)
            let wanted = try (values[0] ?? .none).expectText("must be str")
            guard let (scalars, _) = try call.part(values[1], values[2]) else { return .integer(0) }
            return .integer(PythonStrings.count(wanted, in: PythonStrings.string(scalars)))
        },
        "startswith": { call throws(TemplateError) in
            .bool(try matches(call) { $0.starts(with: $1) })
        },
        "endswith": { call throws(TemplateError) in
            .bool(try matches(call) { $0.reversed().starts(with: $1.reversed()) })
        },
    ]

    private static func find(_ call: StringCall, fromRight: Bool) throws(TemplateError) -> Int? {
        let values = try call.bind(["sub", "start", "end"], required: 1)
        let wanted = Array((try (values[0] ?? .none).expectText("must be str")).utf8)
        guard let (scalars, offset) = try call.part(values[1], values[2]) else { return nil }
        let bytes = Array(PythonStrings.string(scalars).utf8)
        let found =
            fromRight
            ? PythonStrings.findLast(wanted, in: bytes, before: bytes.count) : PythonStrings.find(wanted, in: bytes)
        return found.map { byte in offset + bytes[..<byte].reduce(0) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) } }
    }

    private static func index(_ call: StringCall, fromRight: Bool) throws(TemplateError) -> Value {
        guard let place = try find(call, fromRight: fromRight) else { throw .value("substring not found") }
        return .integer(place)
    }

    private static func matches(
        _ call: StringCall, _ test: ([Unicode.Scalar], [Unicode.Scalar]) -> Bool
    ) throws(TemplateError) -> Bool {
        let values = try call.bind(["prefix", "start", "end"], required: 1)
        var wanted: [Value] = []
        switch values[0] {
        case .tuple(let list)?: wanted = list.values
        case let value?: wanted = [value]
        case nil: break
        }
        var texts: [[Unicode.Scalar]] = []
        for value in wanted {
            guard let text = value.text else {
                throw .type("\(call.name) first arg must be str or a tuple of str, not \(value.typeName)")
            }
            texts.append(Array(text.unicodeScalars))
        }
        guard let (scalars, _) = try call.part(values[1], values[2]) else { return false }
        let part = Array(scalars)
        return texts.contains { test(part, $0) }
    }

    // MARK: Changes

    static let changes: [String: Method] = [
        "strip": { call throws(TemplateError) in try strip(call, .both) },
        "lstrip": { call throws(TemplateError) in try strip(call, .left) },
        "rstrip": { call throws(TemplateError) in try strip(call, .right) },
        "replace": { call throws(TemplateError) in
            let values = try call.bind(["old", "new", "count"], required: 2)
            let old = try (values[0] ?? .none).expectText("replace() argument 1")
            let new = try call.escaped(values[1] ?? .none, "replace() argument 2")
            return try call.wrap(
                try replace(call.text, old, new, limit: try values[2].integer(or: -1), call.evaluator))
        },
        "removeprefix": { call throws(TemplateError) in
            let prefix = try (try call.bind(["prefix"], required: 1)[0] ?? .none).expectText("removeprefix() argument")
            let scalars = Array(call.text.unicodeScalars)
            let unwanted = Array(prefix.unicodeScalars)
            return try call.wrap(
                scalars.starts(with: unwanted) ? PythonStrings.string(scalars.dropFirst(unwanted.count)) : call.text)
        },
        "removesuffix": { call throws(TemplateError) in
            let suffix = try (try call.bind(["suffix"], required: 1)[0] ?? .none).expectText("removesuffix() argument")
            let scalars = Array(call.text.unicodeScalars)
            let unwanted = Array(suffix.unicodeScalars)
            return try call.wrap(
                scalars.reversed().starts(with: unwanted.reversed())
                    ? PythonStrings.string(scalars.dropLast(unwanted.count)) : call.text)
        },
        "join": { call throws(TemplateError) in
            let values = try call.bind(["iterable"], required: 1)
            return try call.wrap(try join(call, values[0] ?? .none))
        },
        "format": { call throws(TemplateError) in
            try call.wrap(
                try StringFormatting.format(call.text, call.arguments, call.evaluator, escapes: call.isMarkup))
        },
        "format_map": { call throws(TemplateError) in
            guard call.arguments.keywords.isEmpty else { throw .type("format_map() takes no keyword arguments") }
            guard call.arguments.positional.count == 1 else {
                throw .type("format_map() takes exactly one argument (\(call.arguments.positional.count) given)")
            }
            guard case .dictionary(let dictionary) = call.arguments.positional[0] else {
                throw .type("'\(call.arguments.positional[0].typeName)' object is not subscriptable")
            }
            var arguments = Arguments()
            for place in 0..<dictionary.count {
                if let key = dictionary.key(at: place).text {
                    arguments.keywords.append((key, dictionary.value(at: place)))
                }
            }
            return try call.wrap(
                try StringFormatting.format(call.text, arguments, call.evaluator, escapes: call.isMarkup))
        },
        "encode": { call throws(TemplateError) in
            let values = try call.bind(["encoding", "errors"], positionalOnly: 0)
            let encoding = try values[0].map { value throws(TemplateError) in try value.expectText("encode() argument")
            }
            return .bytes(try encoded(call.text, as: encoding ?? "utf-8"))
        },
        "translate": { call throws(TemplateError) in try translate(call) },
    ]

    /// The text in one of the encodings that need no tables.
    private static func encoded(_ text: String, as encoding: String) throws(TemplateError) -> [UInt8] {
        let limit: UInt32
        switch encoding.lowercased().replacing("_", with: "-") {
        case "utf-8", "utf8": return Array(text.utf8)
        case "latin-1", "latin1", "iso-8859-1": limit = 0xFF
        case "ascii", "us-ascii": limit = 0x7F
        default: throw .value("only the encodings utf-8, latin-1 and ascii are supported")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            guard scalar.value <= limit else { throw .value("'\(encoding)' codec can't encode a character") }
            bytes.append(UInt8(scalar.value))
        }
        return bytes
    }

    static let markupTable: [String: Method] = [
        "unescape": { call throws(TemplateError) in
            try call.expectNone()
            return .string(HTMLEntities.unescape(call.text))
        },
        "striptags": { call throws(TemplateError) in
            try call.expectNone()
            return .string(Markup.strippingTags(call.text))
        },
    ]

    private static func strip(_ call: StringCall, _ side: PythonStrings.Side) throws(TemplateError) -> Value {
        let value = try call.bind(["chars"])[0].given
        guard let value else { return try call.wrap(PythonStrings.strip(call.text, nil, side)) }
        guard let set = value.text else { throw .type("\(call.name) arg must be None or str") }
        return try call.wrap(PythonStrings.strip(call.text, set, side))
    }

    /// Python's `text.replace(old, new, limit)`, refused before it makes too long a text.
    static func replace(
        _ text: String, _ old: String, _ new: String, limit: Int, _ evaluator: Evaluator
    ) throws(TemplateError) -> String {
        if new.utf8.count > old.utf8.count {
            let found = PythonStrings.count(old, in: text)
            let count = limit < 0 ? found : min(limit, found)
            let (growth, overflow) = count.multipliedReportingOverflow(by: new.utf8.count - old.utf8.count)
            try evaluator.checkSize(overflow ? .max : text.utf8.count + growth)
        }
        return PythonStrings.replace(text, old, new, limit: limit)
    }

    private static func join(_ call: StringCall, _ iterable: Value) throws(TemplateError) -> String {
        guard let iterator = try call.evaluator.iterator(ifIterable: iterable) else {
            throw .type("can only join an iterable")
        }
        var result: [UInt8] = []
        var place = 0
        while let element = try iterator.next() {
            try call.evaluator.step()
            if place > 0 { result.append(contentsOf: call.text.utf8) }
            guard call.isMarkup || element.text != nil else {
                throw .type("sequence item \(place): expected str instance, \(element.typeName) found")
            }
            result.append(contentsOf: try call.escaped(element, "").utf8)
            try call.evaluator.checkSize(result.count)
            place += 1
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func translate(_ call: StringCall) throws(TemplateError) -> Value {
        let table = try call.bind(["table"], required: 1)[0] ?? .none
        guard case .dictionary(let dictionary) = table else {
            throw .type("'\(table.typeName)' object is not subscriptable")
        }
        var result = String.UnicodeScalarView()
        for scalar in call.text.unicodeScalars {
            switch try dictionary.value(of: .integer(Int(scalar.value)), call.evaluator.meter) {
            case nil: result.append(scalar)
            case .none?: break
            case let value?:
                if let text = value.text {
                    result.append(contentsOf: text.unicodeScalars)
                } else if let code = value.index, let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init) {
                    result.append(scalar)
                } else {
                    throw .type("character mapping must return integer, None or str")
                }
            }
            try call.evaluator.checkSize(result.count)
        }
        return try call.wrap(String(result))
    }
}
