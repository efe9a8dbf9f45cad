/// The YAML 1.1 typing of plain scalars, as PyYAML's `safe_load` does it: Data Designer writes and reads its files with
/// that. It differs from YAML 1.2 where it matters: `yes`, `no`, `on` and `off` are booleans, a float needs a dot (so
/// `1e3` is text), and integers may be binary, octal, hexadecimal, sexagesimal, and hold underscores.
enum YAMLScalar {
    /// The value of an unquoted, untagged scalar. Timestamps stay text.
    static func resolve(_ text: String) -> SourceNode.Content {
        if let keyword = keywords[text] { return keyword }
        guard let first = text.utf8.first, first <= UInt8(ascii: "9") else { return .text(text) }
        let bytes = Array(text.utf8)
        return integer(bytes) ?? float(bytes) ?? .text(text)
    }

    /// The value of a scalar that carries `!!int`, `!!float`, `!!bool` or `!!null`; nil when it is not one.
    static func resolve(_ text: String, tag: String) -> SourceNode.Content? {
        let plain = resolve(text)
        switch (tag, plain) {
        case ("tag:yaml.org,2002:null", _): return .null
        case ("tag:yaml.org,2002:bool", .boolean), ("tag:yaml.org,2002:int", .integer),
            ("tag:yaml.org,2002:int", .bigInteger), ("tag:yaml.org,2002:float", .number):
            return plain
        case ("tag:yaml.org,2002:float", .integer(let value)): return .number(Double(value))
        case ("tag:yaml.org,2002:float", .text(let text)): return Double(text).map { .number($0) }
        default: return nil
        }
    }

    private static let keywords: [String: SourceNode.Content] = {
        var keywords: [String: SourceNode.Content] = ["": .null, "~": .null]
        func add(_ words: [String], _ value: SourceNode.Content) {
            for word in words {
                keywords[word] = value
                keywords[word.uppercased()] = value
                keywords[word.prefix(1).uppercased() + word.dropFirst()] = value
            }
        }
        add(["null"], .null)
        add(["yes", "true", "on"], .boolean(true))
        add(["no", "false", "off"], .boolean(false))
        add([".inf", "+.inf"], .number(.infinity))
        add(["-.inf"], .number(-.infinity))
        // `.Inf` and `.NaN`: the letter after the dot, which the loop above does not touch.
        for (word, value) in [(".Inf", Double.infinity), ("+.Inf", .infinity), ("-.Inf", -.infinity)] {
            keywords[word] = .number(value)
        }
        for word in [".nan", ".NaN", ".NAN"] { keywords[word] = .number(.nan) }
        return keywords
    }()

    // MARK: Numbers

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private static func split(_ bytes: [UInt8]) -> (isNegative: Bool, rest: ArraySlice<UInt8>) {
        switch bytes.first {
        case UInt8(ascii: "-"): (true, bytes.dropFirst())
        case UInt8(ascii: "+"): (false, bytes.dropFirst())
        default: (false, bytes[...])
        }
    }

    private static func integer(_ bytes: [UInt8]) -> SourceNode.Content? {
        let (isNegative, rest) = split(bytes)
        guard let first = rest.first, isDigit(first) else { return nil }
        let digits = rest.filter { $0 != UInt8(ascii: "_") }
        let value: SourceNode.Content?
        if rest.contains(UInt8(ascii: ":")) {
            return sexagesimal(rest).map { .integer(isNegative ? -$0 : $0) }
        } else if first != UInt8(ascii: "0") || digits.count == 1 && rest.count == 1 {
            guard rest.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: "_") }) else { return nil }
            value = number(digits[...], radix: 10, isNegative: isNegative)
        } else if rest.dropFirst().first == UInt8(ascii: "b") {
            value = number(digits.dropFirst(2), radix: 2, isNegative: isNegative)
        } else if rest.dropFirst().first == UInt8(ascii: "x") {
            value = number(digits.dropFirst(2), radix: 16, isNegative: isNegative)
        } else {
            value = number(digits.dropFirst(), radix: 8, isNegative: isNegative)
        }
        return value
    }

    private static func number(_ digits: ArraySlice<UInt8>, radix: Int, isNegative: Bool) -> SourceNode.Content? {
        guard !digits.isEmpty, digits.first != UInt8(ascii: "-"), digits.first != UInt8(ascii: "+") else { return nil }
        let text = (isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self)
        if let value = Int(text, radix: radix) { return .integer(value) }
        return radix == 10 ? .bigInteger(text) : nil
    }

    /// `[1-9][0-9_]*(:[0-5]?[0-9])+`
    private static func sexagesimal(_ rest: ArraySlice<UInt8>) -> Int? {
        let parts = rest.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard let head = parts.first, head.first != UInt8(ascii: "0") else { return nil }
        let digits = head.filter { $0 != UInt8(ascii: "_") }
        guard var total = Int(String(decoding: digits, as: UTF8.self)), parts.count < 8 else { return nil }
        for part in parts.dropFirst() {
            guard (1...2).contains(part.count), part.allSatisfy(isDigit),
                let value = Int(String(decoding: part, as: UTF8.self)), value < 60,
                case (let product, let overflow) = total.multipliedReportingOverflow(by: 60), !overflow
            else { return nil }
            total = product &+ value
        }
        return total
    }

    /// `[-+]?([0-9][0-9_]*)\.[0-9_]*([eE][-+][0-9]+)?`, `\.[0-9][0-9_]*([eE][-+][0-9]+)?` and the sexagesimal form.
    private static func float(_ bytes: [UInt8]) -> SourceNode.Content? {
        let (isNegative, rest) = split(bytes)
        guard let dot = rest.firstIndex(of: UInt8(ascii: ".")) else { return nil }
        if rest[..<dot].contains(UInt8(ascii: ":")) {
            let tail = rest[(dot + 1)...]
            guard tail.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: "_") }),
                let whole = sexagesimal(rest[..<dot]),
                let part = Double("0." + String(decoding: tail.filter(isDigit), as: UTF8.self) + "0")
            else { return nil }
            return .number((isNegative ? -1 : 1) * (Double(whole) + part))
        }
        var text = isNegative ? "-" : ""
        var index = rest.startIndex
        func takeDigits() {
            while index < rest.endIndex, isDigit(rest[index]) || rest[index] == UInt8(ascii: "_") {
                if rest[index] != UInt8(ascii: "_") { text.unicodeScalars.append(Unicode.Scalar(rest[index])) }
                index += 1
            }
        }
        takeDigits()
        guard index == dot else { return nil }
        if index == rest.startIndex {
            // Without digits before the dot there is no sign, and a digit must follow.
            guard bytes.count == rest.count, dot + 1 < rest.endIndex, isDigit(rest[dot + 1]) else { return nil }
            text += "0"
        } else if rest.first == UInt8(ascii: "_") {
            return nil
        }
        text += "."
        index += 1
        let fraction = index
        takeDigits()
        if index == fraction { text += "0" }
        if index < rest.endIndex {
            guard rest[index] | 0x20 == UInt8(ascii: "e"), index + 2 < rest.endIndex,
                rest[index + 1] == UInt8(ascii: "-") || rest[index + 1] == UInt8(ascii: "+"),
                rest[(index + 2)...].allSatisfy(isDigit)
            else { return nil }
            text += String(decoding: rest[index...], as: UTF8.self)
        }
        return Double(text).map { .number($0) }
    }
}
