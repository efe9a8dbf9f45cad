import Glibc

/// Writes JSON that matches a schema: every property, the fewest items, numbers within their bounds.
///
/// Known: type (or a list of types), properties, items, enum, const, $ref within the schema, anyOf/oneOf/allOf (the
/// first that is not null), minItems, minLength, maxLength, minimum, maximum, exclusive ones, multipleOf, and the
/// formats date, date-time, time, email, uri, uuid. Patterns are not.
struct JSONSchemaInstance {
    private let scanner: JSONScanner
    private let root: Range<Int>
    private let string: [UInt8]
    private var stream: HashStream
    private var nodesLeft = 4096
    private static let deepest = 24

    /// - Parameter string: what strings say where there is room for it and the schema does not want otherwise.
    init?(schema: [UInt8], hash: UInt64, string: [UInt8]) {
        scanner = JSONScanner(schema, 0..<schema.count)
        guard let root = scanner.value(at: 0), scanner.first(root) == UInt8(ascii: "{") else { return nil }
        self.root = root
        self.string = string
        stream = HashStream(hash)
    }

    mutating func write(into text: inout [UInt8]) { write(root, into: &text, depth: 0) }

    /// The schema inside a prompt that asks for JSON: what follows `<response_schema>`, or else the first object with
    /// "properties".
    static func schema(inPrompt prompt: [UInt8]) -> [UInt8]? {
        guard find("\"properties\"", in: prompt, from: 0) != nil else { return nil }
        let scanner = JSONScanner(prompt, 0..<prompt.count)
        if let tag = find("<response_schema>", in: prompt, from: 0), let value = scanner.value(at: tag + 17),
            scanner.first(value) == UInt8(ascii: "{")
        {
            return Array(prompt[value])
        }
        var index = 0
        while let brace = find("{", in: prompt, from: index) {
            let next = scanner.skipSpace(brace + 1)
            if next < prompt.count, prompt[next] == UInt8(ascii: "\""), let value = scanner.value(at: brace),
                scanner.member("properties", of: value) != nil
            {
                return Array(prompt[value])
            }
            index = brace + 1
        }
        return nil
    }

    private static func find(_ text: StaticString, in bytes: [UInt8], from start: Int) -> Int? {
        text.withUTF8Buffer { wanted in
            bytes.withUnsafeBytes { buffer in
                guard let base = buffer.baseAddress, let first = wanted.first else { return nil }
                var index = start
                while index + wanted.count <= buffer.count,
                    let found = memchr(base + index, Int32(first), buffer.count - wanted.count + 1 - index)
                {
                    index = UnsafeRawPointer(found) - base
                    if buffer[index..<index + wanted.count].elementsEqual(wanted) { return index }
                    index += 1
                }
                return nil
            }
        }
    }

    // MARK: Nodes

    private mutating func write(_ schema: Range<Int>, into text: inout [UInt8], depth: Int) {
        nodesLeft -= 1
        guard depth < Self.deepest, nodesLeft > 0, scanner.first(schema) == UInt8(ascii: "{") else {
            return text.append("null")
        }
        if let reference = scanner.member("$ref", of: schema), let target = resolve(reference) {
            return write(target, into: &text, depth: depth + 1)
        }
        if let constant = scanner.member("const", of: schema) {
            return text.append(contentsOf: scanner.bytes[constant])
        }
        if let choices = scanner.member("enum", of: schema).map({ scanner.elements(of: $0) }), !choices.isEmpty {
            return text.append(contentsOf: scanner.bytes[choices[stream.index(below: choices.count)]])
        }
        for name: StaticString in ["anyOf", "oneOf", "allOf"] {
            guard let options = scanner.member(name, of: schema).map({ scanner.elements(of: $0) }) else { continue }
            if let option = options.first(where: { !isNull($0) }) {
                return write(option, into: &text, depth: depth + 1)
            }
        }
        switch type(of: schema) {
        case "object": writeObject(schema, into: &text, depth: depth)
        case "array": writeArray(schema, into: &text, depth: depth)
        case "integer", "number": writeNumber(schema, isInteger: type(of: schema) == "integer", into: &text)
        case "boolean": text.append(stream.next() & 1 == 0 ? "false" : "true")
        case "null": text.append("null")
        default: writeString(schema, into: &text)
        }
    }

    private func isNull(_ schema: Range<Int>) -> Bool {
        scanner.member("type", of: schema).map { scanner.is($0, "\"null\"") } ?? false
    }

    private func type(of schema: Range<Int>) -> String {
        guard var type = scanner.member("type", of: schema) else {
            return scanner.member("properties", of: schema) == nil ? "string" : "object"
        }
        if scanner.first(type) == UInt8(ascii: "[") {
            type = scanner.elements(of: type).first { !scanner.is($0, "\"null\"") } ?? type
        }
        return text(of: type)
    }

    private func text(of string: Range<Int>) -> String {
        var text: [UInt8] = []
        scanner.decode(string, into: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// `#/a/b/c`, within this schema.
    private func resolve(_ reference: Range<Int>) -> Range<Int>? {
        let steps = text(of: reference).split(separator: "/", omittingEmptySubsequences: false)
        guard steps.first == "#" else { return nil }
        var current = root
        for step in steps.dropFirst() {
            let name = Array(step.utf8)
            var next: Range<Int>?
            _ = scanner.forEachMember(of: current) { key, value in
                if scanner.bytes[key].elementsEqual(name) { next = value }
            }
            guard let next else { return nil }
            current = next
        }
        return current
    }

    private mutating func writeObject(_ schema: Range<Int>, into text: inout [UInt8], depth: Int) {
        var members: [(Range<Int>, Range<Int>)] = []
        if let properties = scanner.member("properties", of: schema) {
            _ = scanner.forEachMember(of: properties) { members.append(($0, $1)) }
        }
        text.append("{")
        for (index, (name, value)) in members.enumerated() {
            if index > 0 { text.append(", ") }
            text.append("\"")
            text.append(contentsOf: scanner.bytes[name])
            text.append("\": ")
            write(value, into: &text, depth: depth + 1)
        }
        text.append("}")
    }

    private mutating func writeArray(_ schema: Range<Int>, into text: inout [UInt8], depth: Int) {
        let fewest = number("minItems", of: schema) ?? 1
        let most = number("maxItems", of: schema) ?? 64
        let count = Int(min(max(fewest, 1), most, 64))
        let items = scanner.member("items", of: schema)
        text.append("[")
        for index in 0..<max(0, count) {
            if index > 0 { text.append(", ") }
            if let items { write(items, into: &text, depth: depth + 1) } else { text.append("\"item\"") }
        }
        text.append("]")
    }

    // MARK: Scalars

    private func number(_ name: StaticString, of schema: Range<Int>) -> Double? {
        scanner.member(name, of: schema).flatMap { scanner.number($0) }
    }

    private mutating func writeNumber(_ schema: Range<Int>, isInteger: Bool, into text: inout [UInt8]) {
        let nudge = isInteger ? 1.0 : 0.001
        var low = number("minimum", of: schema) ?? number("exclusiveMinimum", of: schema).map { $0 + nudge }
        var high = number("maximum", of: schema) ?? number("exclusiveMaximum", of: schema).map { $0 - nudge }
        if low == nil { low = high.map { min($0, 0) } ?? 0 }
        if high == nil { high = low.map { $0 + 100 } }
        guard let low, let high, low.magnitude < 1e15, high.magnitude < 1e15 else { return text.append("0") }
        var value = low + (max(high, low) - low) * stream.fraction()
        if let step = number("multipleOf", of: schema), step > 0 { value = (low / step).rounded(.up) * step }
        if isInteger {
            text.append(decimal: Int(max(value.rounded(.down), low.rounded(.up))))
        } else {
            text.append(text: String(value))
        }
    }

    private mutating func writeString(_ schema: Range<Int>, into text: inout [UInt8]) {
        text.append("\"")
        defer { text.append("\"") }
        let number = stream.next()
        let year = 2000 + Int(number % 25)
        let (month, day) = (1 + Int(number >> 8 & 0xff) % 12, 1 + Int(number >> 16 & 0xff) % 28)
        let (hour, minute) = (Int(number >> 24 & 0xff) % 24, Int(number >> 32 & 0xff) % 60)
        let date = "\(year)-\(padded(month))-\(padded(day))"
        let time = "\(padded(hour)):\(padded(minute)):00Z"
        switch scanner.member("format", of: schema).map({ self.text(of: $0) }) {
        case "date": return text.append(text: date)
        case "time": return text.append(text: time)
        case "date-time": return text.append(text: "\(date)T\(time)")
        case "email": return text.append(text: "user\(number % 100_000)@example.com")
        case "uri": return text.append(text: "https://example.com/\(number % 100_000)")
        case "uuid":
            var digits: [UInt8] = []
            digits.append(hex: number)
            digits.append(hex: stream.next())
            (digits[12], digits[16]) = (UInt8(ascii: "4"), UInt8(ascii: "8"))
            for (index, digit) in digits.enumerated() {
                if [8, 12, 16, 20].contains(index) { text.append("-") }
                text.append(digit)
            }
            return
        default: break
        }
        // The string is ASCII without escapes, so a prefix of it is one too.
        let longest = self.number("maxLength", of: schema).map { Int(min(max($0, 0), 1e6)) } ?? string.count
        let shortest = self.number("minLength", of: schema).map { Int(min(max($0, 0), 1e6)) } ?? 0
        text.append(contentsOf: string.prefix(longest))
        for _ in 0..<max(0, min(shortest, 4096) - string.count) { text.append("x") }
    }

    private func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
