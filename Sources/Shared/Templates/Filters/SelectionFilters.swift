/// Filters that apply another filter or a test to each element.
enum SelectionFilters {
    static let table: [String: Filter.Function] = [
        "map": map,
        "select": { evaluator, value, arguments throws(TemplateError) in
            try select(evaluator, value, arguments, keeping: true, byAttribute: false)
        },
        "reject": { evaluator, value, arguments throws(TemplateError) in
            try select(evaluator, value, arguments, keeping: false, byAttribute: false)
        },
        "selectattr": { evaluator, value, arguments throws(TemplateError) in
            try select(evaluator, value, arguments, keeping: true, byAttribute: true)
        },
        "rejectattr": { evaluator, value, arguments throws(TemplateError) in
            try select(evaluator, value, arguments, keeping: false, byAttribute: true)
        },
    ]

    private typealias Transform = (Value) throws(TemplateError) -> Value
    private typealias Predicate = (Value) throws(TemplateError) -> Bool

    @Sendable
    private static func map(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        var prepared: (source: ValueIterator, transform: Transform)?
        let iterator = ComputedIterator { () throws(TemplateError) in
            if prepared == nil {
                guard try evaluator.isTrue(value) else { return nil }
                let transform = try transform(arguments, evaluator)
                prepared = (try evaluator.iterator(value), transform)
            }
            guard let prepared, let element = try prepared.source.next() else { return nil }
            try evaluator.step()
            return try prepared.transform(element)
        }
        return .object(try GeneratorObject("generator object sync_do_map", over: value, iterator))
    }

    private static func transform(_ arguments: Arguments, _ evaluator: Evaluator) throws(TemplateError) -> Transform {
        var arguments = arguments
        if arguments.positional.isEmpty, let attribute = arguments.removeKeyword("attribute") {
            let fallback = arguments.removeKeyword("default").given
            if let name = arguments.keywords.first?.name {
                throw .runtime("Unexpected keyword argument '\(name)'")
            }
            let path = attribute.isNone ? AttributePath() : try AttributePath(attribute)
            return { element throws(TemplateError) in try path.value(in: element, evaluator, or: fallback) }
        }
        guard let first = arguments.positional.first else { throw .runtime("map requires a filter argument") }
        arguments.positional.removeFirst()
        let name = try evaluator.text(of: first)
        let rest = arguments
        return { element throws(TemplateError) in
            _ = try HashKey(first, evaluator.meter)
            guard first.text != nil, let filter = FilterTable.all[name] else {
                throw .runtime("No filter named \(first.text == nil ? name : "'\(name)'").")
            }
            return try evaluator.nested { () throws(TemplateError) in try evaluator.apply(filter, to: element, rest) }
        }
    }

    private static func select(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments, keeping: Bool, byAttribute: Bool
    ) throws(TemplateError) -> Value {
        var prepared: (source: ValueIterator, predicate: Predicate)?
        let iterator = ComputedIterator { () throws(TemplateError) in
            if prepared == nil {
                guard try evaluator.isTrue(value) else { return nil }
                let predicate = try predicate(arguments, byAttribute, evaluator)
                prepared = (try evaluator.iterator(value), predicate)
            }
            guard let prepared else { return nil }
            while let element = try prepared.source.next() {
                try evaluator.step()
                if try prepared.predicate(element) == keeping { return element }
            }
            return nil
        }
        return .object(try GeneratorObject("generator object select_or_reject", over: value, iterator))
    }

    private static func predicate(
        _ arguments: Arguments, _ byAttribute: Bool, _ evaluator: Evaluator
    ) throws(TemplateError) -> Predicate {
        var arguments = arguments
        var path: AttributePath?
        if byAttribute {
            guard let attribute = arguments.positional.first else {
                throw .runtime("Missing parameter for attribute name")
            }
            arguments.positional.removeFirst()
            path = attribute.isNone ? AttributePath() : try AttributePath(attribute)
        }
        func looked(_ element: Value) throws(TemplateError) -> Value {
            try path?.value(in: element, evaluator) ?? element
        }
        guard let first = arguments.positional.first else {
            return { element throws(TemplateError) in try evaluator.isTrue(try looked(element)) }
        }
        arguments.positional.removeFirst()
        let name = try evaluator.text(of: first)
        let rest = arguments
        return { element throws(TemplateError) in
            let element = try looked(element)
            _ = try HashKey(first, evaluator.meter)
            guard first.text != nil, let test = TestTable.standard[name] else {
                throw .runtime("No test named \(first.text == nil ? name : "'\(name)'").")
            }
            return try test.function(evaluator, element, rest)
        }
    }
}
