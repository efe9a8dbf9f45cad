import JSON

/// Values as JSON, by the rules of Python's `json.dumps`.
final class JSONConversion {
    private let sortsKeys: Bool
    private let evaluator: Evaluator
    /// Bytes that the JSON will have at least.
    private var size = 0

    init(sortsKeys: Bool, _ evaluator: Evaluator) {
        self.sortsKeys = sortsKeys
        self.evaluator = evaluator
    }

    /// - Throws: a type error for what JSON has no form for.
    func json(_ value: Value) throws(TemplateError) -> JSONValue {
        switch value {
        case .none: return .null
        case .bool(let value): return .bool(value)
        case .integer(let value): return .integer(Int64(value))
        case .bigInteger(let value): return .bigInteger(try PythonPrinter.decimal(value, evaluator.meter))
        case .float(let value): return .number(value)
        case .string(let text), .markup(let text):
            try grow(text.utf8.count)
            return .string(text)
        case .list(let list), .tuple(let list):
            if let json = list.json, !sortsKeys { return .array(json) }
            try grow(list.count * 2)
            var elements: [JSONValue] = []
            for place in 0..<list.count { elements.append(try nested(list[place])) }
            return .array(elements)
        case .dictionary(let dictionary):
            if let json = dictionary.json, !sortsKeys { return .object(json) }
            return .object(try object(dictionary))
        case .undefined, .bytes, .object:
            throw .type("Object of type \(value.typeName) is not JSON serializable")
        }
    }

    private func grow(_ bytes: Int) throws(TemplateError) {
        try evaluator.meter.charge(1 + bytes >> 3)
        size += bytes
        try evaluator.checkSize(size)
    }

    private func nested(_ value: Value) throws(TemplateError) -> JSONValue {
        switch value {
        case .list, .tuple, .dictionary:
            try evaluator.nested { () throws(TemplateError) in try json(value) }
        default: try json(value)
        }
    }

    private func object(_ dictionary: ValueDictionary) throws(TemplateError) -> JSONObject {
        try grow(dictionary.count * 5)
        var places = Array(0..<dictionary.count)
        if sortsKeys { places = try sorted(places, dictionary) }
        var object = JSONObject()
        for place in places {
            object[try key(dictionary.key(at: place))] = try nested(dictionary.value(at: place))
        }
        return object
    }

    private func sorted(_ places: [Int], _ dictionary: ValueDictionary) throws(TemplateError) -> [Int] {
        let keys = places.map(dictionary.key(at:))
        if keys.allSatisfy({ $0.text != nil }) {
            return places.sorted { (keys[$0].text ?? "").utf8.lexicographicallyPrecedes((keys[$1].text ?? "").utf8) }
        }
        // Keys of other kinds are rare and few: insertion with a comparison that may fail.
        var sorted: [Int] = []
        for place in places {
            try evaluator.meter.charge(sorted.count)
            var target = sorted.count
            while target > 0, try PythonComparison.order(keys[place], keys[sorted[target - 1]], .less, evaluator.meter)
            { target -= 1 }
            sorted.insert(place, at: target)
        }
        return sorted
    }

    private func key(_ value: Value) throws(TemplateError) -> String {
        switch value {
        case .string(let text), .markup(let text): return text
        case .none: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .integer, .bigInteger: return try evaluator.text(of: value)
        case .float(let value):
            return value.isNaN
                ? "NaN" : value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : PythonFloat.repr(value)
        default: throw .type("keys must be str, int, float, bool or None, not \(value.typeName)")
        }
    }
}
