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
        return try dictionary.value(of: values[0] ?? .none, evaluator.meter) ?? values[1] ?? .none
    }

    @Sendable
    private static func fromKeys(
        _ dictionary: ValueDictionary, _ arguments: Arguments, _ evaluator: Evaluator
    ) throws(TemplateError) -> Value {
        let values = try arguments.bind("fromkeys", ["iterable", "value"], required: 1, positionalOnly: 2)
        var table = DictionaryTable()
        for key in try evaluator.elements(values[0] ?? .none) {
            try table.set(key, values[1] ?? .none, evaluator.meter)
        }
        return try .makeDictionary(table)
    }
}
