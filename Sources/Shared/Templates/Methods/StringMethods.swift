/// Python's `str`.
enum StringMethods {
    typealias Method = @Sendable (StringCall) throws(TemplateError) -> Value

    static let table: [String: Method] = {
        var table: [String: Method] = [:]
        for group in [caseMethods, questions, searches, splits, changes, paddings] { table.merge(group) { $1 } }
        return table
    }()

    private static func plain(_ change: @escaping @Sendable (String) -> String) -> Method {
        { call throws(TemplateError) in
            try call.expectNone()
            return try call.wrap(change(call.text))
        }
    }

    private static func question(_ holds: @escaping @Sendable (String) -> Bool) -> Method {
        { call throws(TemplateError) in
            try call.expectNone()
            return .bool(holds(call.text))
        }
    }

    private static func all(_ holds: @escaping @Sendable (Unicode.Scalar) -> Bool) -> Method {
        question { !$0.isEmpty && $0.unicodeScalars.allSatisfy(holds) }
    }

    private static let caseMethods: [String: Method] = [
        "upper": plain(PythonCase.upper),
        "lower": plain(PythonCase.lower),
        "title": plain(PythonCase.title),
        "capitalize": plain(PythonCase.capitalize),
        "swapcase": plain(PythonCase.swapcase),
        "casefold": plain(PythonCase.casefold),
    ]

    private static let questions: [String: Method] = [
        "isupper": question(PythonCase.isUpper),
        "islower": question(PythonCase.isLower),
        "istitle": question(PythonCase.isTitle),
        "isalpha": all(PythonCharacters.isAlpha),
        "isalnum": all(PythonCharacters.isAlphanumeric),
        "isdecimal": all(PythonCharacters.isDecimal),
        "isdigit": all(PythonCharacters.isDigit),
        "isnumeric": all(PythonCharacters.isNumeric),
        "isspace": all(PythonCharacters.isSpace),
        "isascii": question { $0.utf8.allSatisfy { $0 < 0x80 } },
        "isprintable": question { $0.unicodeScalars.allSatisfy(PythonCharacters.isPrintable) },
        "isidentifier": question { PythonCharacters.isIdentifier($0) },
    ]

    private static let splits: [String: Method] = [
        "split": { call throws(TemplateError) in try split(call, fromRight: false) },
        "rsplit": { call throws(TemplateError) in try split(call, fromRight: true) },
        "splitlines": { call throws(TemplateError) in
            let keepsEnds = try call.bind(["keepends"], positionalOnly: 0)[0].integer(or: 0) != 0
            return try call.wrap(PythonStrings.splitLines(call.text, keepsEnds: keepsEnds))
        },
        "partition": { call throws(TemplateError) in try partition(call, fromRight: false) },
        "rpartition": { call throws(TemplateError) in try partition(call, fromRight: true) },
    ]

    private static func split(_ call: StringCall, fromRight: Bool) throws(TemplateError) -> Value {
        let values = try call.bind(["sep", "maxsplit"], positionalOnly: 0)
        let limit = try values[1].integer(or: -1)
        guard let separatorValue = values[0].given else {
            return try call.wrap(
                fromRight
                    ? PythonStrings.splitFromRight(call.text, limit: limit)
                    : PythonStrings.split(call.text, limit: limit))
        }
        let separator = try separator(separatorValue)
        return try call.wrap(
            fromRight
                ? PythonStrings.splitFromRight(call.text, separator: separator, limit: limit)
                : PythonStrings.split(call.text, separator: separator, limit: limit))
    }

    private static func separator(_ value: Value) throws(TemplateError) -> String {
        guard let separator = value.text else { throw .type("must be str or None, not \(value.typeName)") }
        guard !separator.isEmpty else { throw .value("empty separator") }
        return separator
    }

    private static func partition(_ call: StringCall, fromRight: Bool) throws(TemplateError) -> Value {
        let value = try call.bind(["sep"], required: 1)[0] ?? .none
        let separator = try separator(value)
        let parts =
            fromRight
            ? PythonStrings.splitFromRight(call.text, separator: separator, limit: 1)
            : PythonStrings.split(call.text, separator: separator, limit: 1)
        if parts.count == 2 { return call.wrapTuple([parts[0], separator, parts[1]]) }
        return call.wrapTuple(fromRight ? ["", "", call.text] : [call.text, "", ""])
    }

    private static let paddings: [String: Method] = [
        "center": { call throws(TemplateError) in
            let (width, fill) = try padding(call)
            return try call.wrap(PythonStrings.center(call.text, width, fill))
        },
        "ljust": { call throws(TemplateError) in
            let (width, fill) = try padding(call)
            return try call.wrap(
                PythonStrings.padded(call.text, 0, width - PythonStrings.length(call.text), fill))
        },
        "rjust": { call throws(TemplateError) in
            let (width, fill) = try padding(call)
            return try call.wrap(
                PythonStrings.padded(call.text, width - PythonStrings.length(call.text), 0, fill))
        },
        "zfill": { call throws(TemplateError) in
            let width = try call.bind(["width"], required: 1)[0].integer(or: 0)
            try call.evaluator.checkSize(width)
            let missing = width - PythonStrings.length(call.text)
            guard missing > 0 else { return try call.wrap(call.text) }
            var scalars = Array(call.text.unicodeScalars)
            let isSigned = scalars.first == "-" || scalars.first == "+"
            scalars.insert(contentsOf: repeatElement("0", count: missing), at: isSigned ? 1 : 0)
            return try call.wrap(PythonStrings.string(scalars))
        },
        "expandtabs": { call throws(TemplateError) in
            let size = try call.bind(["tabsize"], positionalOnly: 0)[0].integer(or: 8)
            return try call.wrap(try expandTabs(call, size))
        },
    ]

    private static func padding(_ call: StringCall) throws(TemplateError) -> (Int, Unicode.Scalar) {
        let values = try call.bind(["width", "fillchar"], required: 1)
        let width = try values[0].integer(or: 0)
        try call.evaluator.checkSize(width)
        guard let value = values[1] else { return (width, " ") }
        guard value.text != nil else {
            throw .type("The fill character must be a unicode character, not \(value.typeName)")
        }
        let fill = try call.escaped(value, "fillchar").unicodeScalars
        guard fill.count == 1, let scalar = fill.first else {
            throw .type("The fill character must be exactly one character long")
        }
        return (width, scalar)
    }

    private static func expandTabs(_ call: StringCall, _ size: Int) throws(TemplateError) -> String {
        var result = String.UnicodeScalarView()
        var (column, length) = (0, 0)
        for scalar in call.text.unicodeScalars {
            if scalar == "\t" {
                guard size > 0 else { continue }
                let spaces = size - column % size
                length += spaces
                try call.evaluator.checkSize(length)
                result.append(contentsOf: repeatElement(" ", count: spaces))
                column += spaces
            } else {
                result.append(scalar)
                column = scalar == "\n" || scalar == "\r" ? 0 : column + 1
                length += 1
            }
        }
        return String(result)
    }
}
