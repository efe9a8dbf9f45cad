/// `list` and `tuple`, without what would change them.
enum ListMethods {
    typealias Method = @Sendable (ValueList, Arguments, Evaluator) throws(TemplateError) -> Value

    static func method(_ name: String, isTuple: Bool) -> Method? {
        switch name {
        case "index": index
        case "count": count
        case "copy" where !isTuple: copy
        default: nil
        }
    }

    @Sendable
    private static func index(
        _ list: ValueList, _ arguments: Arguments, _ evaluator: Evaluator
    ) throws(TemplateError) -> Value {
        let values = try arguments.bind("index", ["value", "start", "stop"], required: 1, positionalOnly: 3)
        func clamp(_ index: Int) -> Int { max(0, min(list.count, index < 0 ? index + list.count : index)) }
        let (start, stop) = (clamp(try values[1].integer(or: 0)), clamp(try values[2].integer(or: list.count)))
        try evaluator.charge(list.count >> 3)
        if let wanted = values[0], start < stop {
            for place in start..<stop where try PythonComparison.areEqual(list[place], wanted) {
                return .integer(place)
            }
        }
        throw .value("\(try evaluator.repr(of: values[0] ?? .none)) is not in list")
    }

    @Sendable
    private static func count(
        _ list: ValueList, _ arguments: Arguments, _ evaluator: Evaluator
    ) throws(TemplateError) -> Value {
        let wanted = try arguments.bind("count", ["value"], required: 1, positionalOnly: 1)[0] ?? .none
        try evaluator.charge(list.count >> 3)
        var count = 0
        for place in 0..<list.count where try PythonComparison.areEqual(list[place], wanted) { count += 1 }
        return .integer(count)
    }

    @Sendable
    private static func copy(
        _ list: ValueList, _ arguments: Arguments, _ evaluator: Evaluator
    ) throws(TemplateError) -> Value {
        try arguments.expectNone("list.copy")
        return .list(list)
    }
}

/// `dict`, without what would change it.
enum DictionaryMethods {
    typealias Method = @Sendable (ValueDictionary, Arguments, Evaluator) throws(TemplateError) -> Value

    static let table: [String: Method] = [
        "get": get,
        "keys": { dictionary, arguments, _ throws(TemplateError) in try view(.keys, dictionary, arguments) },
        "values": { dictionary, arguments, _ throws(TemplateError) in try view(.values, dictionary, arguments) },
        "items": { dictionary, arguments, _ throws(TemplateError) in try view(.items, dictionary, arguments) },
        "copy": { dictionary, arguments, _ throws(TemplateError) in
            try arguments.expectNone("dict.copy")
            return .dictionary(dictionary)
        },
        "fromkeys": fromKeys,
    ]

    private static func view(
        _ kind: DictionaryView.Kind, _ dictionary: ValueDictionary, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        try arguments.expectNone("dict.\(kind.rawValue.dropFirst(5))")
        return .object(DictionaryView(kind, of: dictionary))
    }

    @Sendable
    private static func get(
        _ dictionary: ValueDictionary, _ arguments: Arguments, _ evaluator: Evaluator
    ) throws(TemplateError) -> Value {
        let values = try arguments.bind("get", ["key", "default"], required: 1, positionalOnly: 2)
        return try dictionary.value(of: values[0] ?? .none) ?? values[1] ?? .none
    }

    @Sendable
    private static func fromKeys(
        _ dictionary: ValueDictionary, _ arguments: Arguments, _ evaluator: Evaluator
    ) throws(TemplateError) -> Value {
        let values = try arguments.bind("fromkeys", ["iterable", "value"], required: 1, positionalOnly: 2)
        var table = DictionaryTable()
        for key in try evaluator.elements(values[0] ?? .none) { try table.set(key, values[1] ?? .none) }
        return try .makeDictionary(table)
    }
}

/// What is left of `bytes`: enough to look at what `encode()` gave.
enum BytesMethods {
    static func attribute(_ name: String, of bytes: [UInt8]) -> Value? {
        switch name {
        case "decode":
            MethodTable.bound(name, .bytes(bytes)) { arguments, _ throws(TemplateError) in
                _ = try arguments.bind("decode", ["encoding", "errors"])
                guard let text = String(validating: bytes, as: UTF8.self) else {
                    throw .value("'utf-8' codec can't decode the bytes")
                }
                return .string(text)
            }
        case "hex":
            MethodTable.bound(name, .bytes(bytes)) { arguments, _ throws(TemplateError) in
                try arguments.expectNone("bytes.hex")
                return .string(
                    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
            }
        default: nil
        }
    }
}
