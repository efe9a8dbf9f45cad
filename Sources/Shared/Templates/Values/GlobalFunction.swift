/// The functions that every template has.
enum GlobalFunction {
    static func named(_ name: String) -> Value? {
        switch name {
        case "range": .object(MethodObject("safe_range", range))
        case "dict": .object(ClassObject("dict", dictionary))
        case "lipsum": .object(MethodObject("generate_lorem_ipsum", LoremIpsum.generate))
        case "cycler":
            .object(
                ClassObject("jinja2.utils.Cycler") { arguments, _ throws(TemplateError) in
                    if let name = arguments.keywords.first?.name {
                        throw .type("Cycler.__init__() got an unexpected keyword argument '\(name)'")
                    }
                    return .object(try CyclerObject(arguments.positional))
                })
        case "joiner":
            .object(
                ClassObject("jinja2.utils.Joiner") { arguments, _ throws(TemplateError) in
                    .object(try JoinerObject(try arguments.bind("Joiner.__init__", ["sep"])[0] ?? .string(", ")))
                })
        case "namespace":
            .object(
                ClassObject("jinja2.utils.Namespace") { arguments, evaluator throws(TemplateError) in
                    let namespace = NamespaceObject(try table(arguments, evaluator))
                    evaluator.track(namespace)
                    return .object(namespace)
                })
        default: nil
        }
    }

    private static func range(_ arguments: Arguments, _ evaluator: Evaluator) throws(TemplateError) -> Value {
        guard arguments.keywords.isEmpty else { throw .type("range() takes no keyword arguments") }
        let count = arguments.positional.count
        guard (1...3).contains(count) else {
            throw .type("range expected at \(count == 0 ? "least 1 argument" : "most 3 arguments"), got \(count)")
        }
        var bounds: [Int] = []
        for value in arguments.positional {
            switch value {
            case .integer(let number): bounds.append(number)
            case .bool(let isOne): bounds.append(isOne ? 1 : 0)
            case .bigInteger: throw .overflow("Python int too large to convert to C ssize_t")
            case .undefined(let undefined) where undefined.isStrict: throw undefined.error
            default: throw .type("'\(value.typeName)' object cannot be interpreted as an integer")
            }
        }
        return .object(
            try RangeObject(
                start: count == 1 ? 0 : bounds[0], stop: count == 1 ? bounds[0] : bounds[1],
                step: count == 3 ? bounds[2] : 1))
    }

    private static func dictionary(_ arguments: Arguments, _ evaluator: Evaluator) throws(TemplateError) -> Value {
        try .makeDictionary(try table(arguments, evaluator))
    }

    /// The members that `dict(...)` makes of a mapping or of pairs, and of keyword arguments.
    private static func table(_ arguments: Arguments, _ evaluator: Evaluator) throws(TemplateError) -> DictionaryTable {
        guard arguments.positional.count <= 1 else {
            throw .type("dict expected at most 1 argument, got \(arguments.positional.count)")
        }
        var table = DictionaryTable()
        if let source = arguments.positional.first {
            if case .undefined(let undefined) = source { throw undefined.error }
            if case .dictionary(let dictionary) = source {
                table = dictionary.table
            } else {
                for (place, pair) in try evaluator.elements(source).enumerated() {
                    guard let iterator = try evaluator.iterator(ifIterable: pair) else {
                        throw .type("cannot convert dictionary update sequence element #\(place) to a sequence")
                    }
                    let elements = try iterator.rest()
                    guard elements.count == 2 else {
                        throw .value(
                            "dictionary update sequence element #\(place) has length \(elements.count); 2 is required")
                    }
                    try table.set(elements[0], elements[1], evaluator.meter)
                }
            }
        }
        for (name, value) in arguments.keywords { table.set(name, value) }
        return table
    }
}
