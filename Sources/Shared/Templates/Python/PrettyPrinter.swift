/// Python's `pprint.pformat` with its defaults: 80 columns, dictionaries sorted by key.
struct PrettyPrinter {
    private let evaluator: Evaluator
    private var output: [Unicode.Scalar] = []

    private static let width = 80

    static func text(of value: Value, _ evaluator: Evaluator) throws(TemplateError) -> String {
        var printer = PrettyPrinter(evaluator: evaluator)
        try printer.append(value, indent: 0, allowance: 0, level: 0)
        return PythonStrings.string(printer.output)
    }

    private init(evaluator: Evaluator) {
        self.evaluator = evaluator
    }

    private mutating func write(_ text: String) throws(TemplateError) {
        output.append(contentsOf: text.unicodeScalars)
        try evaluator.checkSize(output.count)
    }

    private mutating func append(_ value: Value, indent: Int, allowance: Int, level: Int) throws(TemplateError) {
        let line = try repr(value, 0)
        let length = line.unicodeScalars.count
        try evaluator.meter.charge(length >> 4)
        guard length > Self.width - indent - allowance else { return try write(line) }
        switch value {
        case .dictionary(let dictionary):
            try write("{")
            try appendMembers(dictionary, indent: indent, allowance: allowance + 1, level: level + 1)
            try write("}")
        case .list(let list):
            try write("[")
            try appendElements(list, indent: indent, allowance: allowance + 1, level: level + 1)
            try write("]")
        case .tuple(let list) where list.fieldNames.isEmpty:
            let end = list.count == 1 ? ",)" : ")"
            try write("(")
            try appendElements(list, indent: indent, allowance: allowance + end.utf8.count, level: level + 1)
            try write(end)
        case .string(let text) where !text.isEmpty:
            try appendText(text, line, indent: indent, allowance: allowance, level: level + 1)
        default: try write(line)
        }
    }

    private mutating func appendMembers(
        _ dictionary: ValueDictionary, indent: Int, allowance: Int, level: Int
    ) throws(TemplateError) {
        let places = sortedPlaces(dictionary)
        for (index, place) in places.enumerated() {
            let isLast = index == places.count - 1
            let key = try repr(dictionary.key(at: place), 0)
            try write(key + ": ")
            try append(
                dictionary.value(at: place), indent: indent + 1 + key.unicodeScalars.count + 2,
                allowance: isLast ? allowance : 1, level: level)
            if !isLast { try write(",\n" + String(repeating: " ", count: indent + 1)) }
        }
    }

    private mutating func appendElements(
        _ list: ValueList, indent: Int, allowance: Int, level: Int
    ) throws(TemplateError) {
        for place in 0..<list.count {
            if place > 0 { try write(",\n" + String(repeating: " ", count: indent + 1)) }
            try append(
                list[place], indent: indent + 1, allowance: place == list.count - 1 ? allowance : 1, level: level)
        }
    }

    /// A long text as several literals, cut at line breaks and between words.
    private mutating func appendText(
        _ text: String, _ whole: String, indent: Int, allowance: Int, level: Int
    ) throws(TemplateError) {
        let extra = level == 1 ? 1 : 0
        let (indent, allowance) = (indent + extra, allowance + extra)
        let room = Self.width - indent
        var chunks: [String] = []
        var lastLine = ""
        let lines = PythonStrings.splitLines(text, keepsEnds: true)
        for (index, line) in lines.enumerated() {
            let isLast = index == lines.count - 1
            lastLine = PythonRepr.text(line)
            if lastLine.unicodeScalars.count <= room - (isLast ? allowance : 0) {
                chunks.append(lastLine)
                continue
            }
            var current = ""
            let parts = Self.parts(of: line)
            for (place, part) in parts.enumerated() {
                let candidate = PythonRepr.text(current + part)
                let isEnd = isLast && place == parts.count - 1
                try evaluator.meter.charge(candidate.utf8.count >> 6)
                if candidate.unicodeScalars.count > room - (isEnd ? allowance : 0) {
                    if !current.isEmpty { chunks.append(PythonRepr.text(current)) }
                    current = part
                } else {
                    current += part
                }
            }
            if !current.isEmpty { chunks.append(PythonRepr.text(current)) }
        }
        guard chunks.count > 1 else { return try write(lastLine) }
        let separator = "\n" + String(repeating: " ", count: indent)
        try write((level == 1 ? "(" : "") + chunks.joined(separator: separator) + (level == 1 ? ")" : ""))
    }

    /// Words, each with the white space behind it.
    private static func parts(of line: String) -> [String] {
        var parts: [String] = []
        var rest = line.unicodeScalars[...]
        while !rest.isEmpty {
            let word = rest.prefix { !PythonCharacters.isSpace($0) }
            let space = rest[word.endIndex...].prefix(while: PythonCharacters.isSpace)
            parts.append(String(word) + String(space))
            rest = rest[space.endIndex...]
        }
        return parts
    }

    /// `repr` with the keys of dictionaries sorted.
    private func repr(_ value: Value, _ depth: Int) throws(TemplateError) -> String {
        guard depth <= Value.nestingLimit else { throw .recursion("values are nested too deeply") }
        switch value {
        case .dictionary(let dictionary):
            var parts: [String] = []
            for place in sortedPlaces(dictionary) {
                let key = try repr(dictionary.key(at: place), depth + 1)
                parts.append("\(key): \(try repr(dictionary.value(at: place), depth + 1))")
            }
            return "{\(parts.joined(separator: ", "))}"
        case .list(let list): return "[\(try elements(list, depth))]"
        case .tuple(let list) where list.fieldNames.isEmpty:
            return "(\(try elements(list, depth))\(list.count == 1 ? "," : ""))"
        default: return try evaluator.repr(of: value)
        }
    }

    private func elements(_ list: ValueList, _ depth: Int) throws(TemplateError) -> String {
        var text = ""
        for place in 0..<list.count {
            if place > 0 { text += ", " }
            text += try repr(list[place], depth + 1)
            try evaluator.checkSize(text.utf8.count)
        }
        return text
    }

    /// By key; keys that cannot be compared go by the names of their types.
    private func sortedPlaces(_ dictionary: ValueDictionary) -> [Int] {
        let keys = dictionary.keys
        return keys.indices.sorted { left, right in
            do throws(TemplateError) {
                return try PythonComparison.order(keys[left], keys[right], .less, evaluator.meter)
            } catch {
                return "<class '\(keys[left].typeName)'>" < "<class '\(keys[right].typeName)'>"
            }
        }
    }
}
