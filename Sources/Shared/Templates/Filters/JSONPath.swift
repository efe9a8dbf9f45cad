import JSON

/// A JSONPath query (RFC 9535) of names, indices, slices, wildcards and descendants. Filters `[?...]` compare one path
/// below the element with a literal, or ask whether it is there.
struct JSONPath {
    private enum Selector {
        case name(String)
        case index(Int)
        case slice(Int?, Int?, Int?)
        case wildcard
        case filter(Filter)
    }

    private struct Filter {
        let path: JSONPath
        let comparison: (operation: ComparisonOperator, literal: Value)?
    }

    private struct Segment {
        let isDescendant: Bool
        let selectors: [Selector]
    }

    private var segments: [Segment] = []

    init(_ text: String) throws(TemplateError) {
        var reader = Reader(text)
        guard reader.take("$") else { throw reader.failure }
        self = try JSONPath(&reader)
        guard reader.isAtEnd else { throw reader.failure }
    }

    private init(_ reader: inout Reader) throws(TemplateError) {
        while true {
            reader.skipSpace()
            if reader.take("..") {
                segments.append(Segment(isDescendant: true, selectors: try Self.selectors(&reader, needsDot: false)))
            } else if reader.current == "." || reader.current == "[" {
                segments.append(Segment(isDescendant: false, selectors: try Self.selectors(&reader, needsDot: true)))
            } else {
                return
            }
        }
    }

    private static func selectors(_ reader: inout Reader, needsDot: Bool) throws(TemplateError) -> [Selector] {
        if reader.take("[") {
            var selectors: [Selector] = []
            repeat {
                reader.skipSpace()
                selectors.append(try selector(&reader))
                reader.skipSpace()
            } while reader.take(",")
            guard reader.take("]") else { throw reader.failure }
            return selectors
        }
        if needsDot { _ = reader.take(".") }
        if reader.take("*") { return [.wildcard] }
        guard let name = reader.name() else { throw reader.failure }
        return [.name(name)]
    }

    private static func selector(_ reader: inout Reader) throws(TemplateError) -> Selector {
        if reader.take("*") { return .wildcard }
        if reader.take("?") { return .filter(try filter(&reader)) }
        if let text = try reader.quoted() { return .name(text) }
        let start = reader.integer()
        reader.skipSpace()
        guard reader.take(":") else {
            guard let start else { throw reader.failure }
            return .index(start)
        }
        reader.skipSpace()
        let stop = reader.integer()
        reader.skipSpace()
        guard reader.take(":") else { return .slice(start, stop, nil) }
        reader.skipSpace()
        return .slice(start, stop, reader.integer())
    }

    private static func filter(_ reader: inout Reader) throws(TemplateError) -> Filter {
        reader.skipSpace()
        let isInParentheses = reader.take("(")
        reader.skipSpace()
        guard reader.take("@") else { throw reader.failure }
        let path = try JSONPath(&reader)
        reader.skipSpace()
        var comparison: (operation: ComparisonOperator, literal: Value)?
        let operations: [ComparisonOperator] = [.equal, .notEqual, .lessOrEqual, .greaterOrEqual, .less, .greater]
        for operation in operations where reader.take(operation.rawValue) {
            reader.skipSpace()
            comparison = (operation, try reader.literal())
            break
        }
        reader.skipSpace()
        if isInParentheses, !reader.take(")") { throw reader.failure }
        return Filter(path: path, comparison: comparison)
    }

    // MARK: Evaluation

    /// All values that the query leads to from `root`, in order.
    func find(in root: Value, _ evaluator: Evaluator) throws(TemplateError) -> [Value] {
        var found = [root]
        for segment in segments {
            var next: [Value] = []
            for value in found {
                if segment.isDescendant {
                    try descend(value, segment.selectors, into: &next, evaluator)
                } else {
                    for selector in segment.selectors { try select(value, selector, into: &next, evaluator) }
                }
            }
            found = next
            try evaluator.checkCount(found.count)
        }
        return found
    }

    private func descend(
        _ value: Value, _ selectors: [Selector], into found: inout [Value], _ evaluator: Evaluator
    ) throws(TemplateError) {
        try evaluator.step()
        for selector in selectors { try select(value, selector, into: &found, evaluator) }
        for child in Self.children(value) {
            try evaluator.nested { () throws(TemplateError) in
                try descend(child, selectors, into: &found, evaluator)
            }
        }
    }

    private static func children(_ value: Value) -> [Value] {
        switch value {
        case .list(let list), .tuple(let list): list.values
        case .dictionary(let dictionary): dictionary.values
        default: []
        }
    }

    private func select(
        _ value: Value, _ selector: Selector, into found: inout [Value], _ evaluator: Evaluator
    ) throws(TemplateError) {
        try evaluator.step()
        switch (selector, value) {
        case (.name(let name), .dictionary(let dictionary)):
            if let member = dictionary[name] { found.append(member) }
        case (.index(let index), .list(let list)):
            let place = index < 0 ? index + list.count : index
            if (0..<list.count).contains(place) { found.append(list[place]) }
        case (.slice(let start, let stop, let step), .list(let list)):
            guard step != 0 else { return }
            for place in try SlicePlaces(start, stop, step, count: list.count) { found.append(list[place]) }
        case (.wildcard, _): found += Self.children(value)
        case (.filter(let filter), _):
            for child in Self.children(value) where try holds(filter, child, evaluator) { found.append(child) }
        default: break
        }
    }

    private func holds(_ filter: Filter, _ value: Value, _ evaluator: Evaluator) throws(TemplateError) -> Bool {
        guard let found = try filter.path.find(in: value, evaluator).first else { return false }
        guard let (operation, literal) = filter.comparison else { return true }
        do throws(TemplateError) {
            return try evaluator.compare(found, operation, literal)
        } catch {
            // Values of different kinds are neither less nor greater.
            if error.exception == .typeError { return false }
            throw error
        }
    }

    /// Walks the text of a query.
    private struct Reader {
        private let scalars: [Unicode.Scalar]
        private var at = 0

        init(_ text: String) {
            scalars = Array(text.unicodeScalars)
        }

        var current: Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }
        var isAtEnd: Bool { at == scalars.count }
        var failure: TemplateError { .value("the JSONPath is not valid at character \(at + 1)") }

        mutating func skipSpace() {
            while let scalar = current, scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" { at += 1 }
        }

        mutating func take(_ text: String) -> Bool {
            guard scalars[at...].starts(with: text.unicodeScalars) else { return false }
            at += text.unicodeScalars.count
            return true
        }

        mutating func name() -> String? {
            let start = at
            while let scalar = current, PythonCharacters.isWord(scalar) || scalar.value >= 0x80 { at += 1 }
            return at > start ? PythonStrings.string(scalars[start..<at]) : nil
        }

        mutating func integer() -> Int? {
            let start = at
            if current == "-" { at += 1 }
            while let scalar = current, scalar.value &- 0x30 < 10 { at += 1 }
            guard let value = Int(PythonStrings.string(scalars[start..<at])) else {
                at = start
                return nil
            }
            return value
        }

        mutating func quoted() throws(TemplateError) -> String? {
            guard let quote = current, quote == "'" || quote == "\"" else { return nil }
            at += 1
            var text = String.UnicodeScalarView()
            while let scalar = current, scalar != quote {
                at += 1
                if scalar == "\\", let escaped = current {
                    text.append(escaped == "n" ? "\n" : escaped == "t" ? "\t" : escaped)
                    at += 1
                } else {
                    text.append(scalar)
                }
            }
            guard take(String(quote)) else { throw failure }
            return String(text)
        }

        mutating func literal() throws(TemplateError) -> Value {
            if let text = try quoted() { return .string(text) }
            for (word, value) in [("true", Value.bool(true)), ("false", .bool(false)), ("null", .none)]
            where take(word) { return value }
            let start = at
            while let scalar = current, "+-.eE".unicodeScalars.contains(scalar) || scalar.value &- 0x30 < 10 { at += 1 }
            let text = PythonStrings.string(scalars[start..<at])
            guard let number = PythonNumberParsing.integer(text) ?? PythonNumberParsing.float(text).map(Value.float)
            else { throw failure }
            return number
        }
    }
}
