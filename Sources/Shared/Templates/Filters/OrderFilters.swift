/// Filters that sort and compare.
enum OrderFilters {
    static let table: [String: Filter.Function] = [
        "sort": sort,
        "dictsort": sortDictionary,
        "unique": unique,
        "min": { evaluator, value, arguments throws(TemplateError) in
            try extreme(evaluator, value, arguments, .less, "do_min")
        },
        "max": { evaluator, value, arguments throws(TemplateError) in
            try extreme(evaluator, value, arguments, .greater, "do_max")
        },
        "groupby": group,
    ]

    /// A text in lower case; anything else as it is.
    private static func ignoringCase(_ value: Value) -> Value {
        value.text.map { .string(PythonCase.lower($0)) } ?? value
    }

    /// Sorts stably by keys, as Python's `sorted` does.
    private static func sorted(
        _ values: [Value], by keys: [Value], reverse: Bool, _ evaluator: Evaluator
    ) throws(TemplateError) -> [Value] {
        var order = Array(values.indices)
        var spare = order
        var width = 1
        while width < order.count {
            for start in stride(from: 0, to: order.count, by: 2 * width) {
                let (middle, end) = (min(start + width, order.count), min(start + 2 * width, order.count))
                var (left, right) = (start, middle)
                for place in start..<end {
                    let takesRight: Bool
                    if left < middle, right < end {
                        try evaluator.step()
                        let (first, second) = (keys[order[left]], keys[order[right]])
                        takesRight =
                            reverse
                            ? try PythonComparison.order(first, second, .less, evaluator.meter)
                            : try PythonComparison.order(second, first, .less, evaluator.meter)
                    } else {
                        takesRight = left >= middle
                    }
                    spare[place] = takesRight ? order[right] : order[left]
                    if takesRight { right += 1 } else { left += 1 }
                }
            }
            swap(&order, &spare)
            width *= 2
        }
        return order.map { values[$0] }
    }

    @Sendable
    private static func sort(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        let values = try arguments.bind("do_sort", ["reverse", "case_sensitive", "attribute"])
        let isCaseSensitive = try values[1].isTrue(evaluator)
        let paths = try AttributePath.several(values[2])
        let elements = try evaluator.elements(value)
        var keys: [Value] = []
        for element in elements {
            var parts: [Value] = []
            for path in paths {
                let part = try path.value(in: element, evaluator)
                parts.append(isCaseSensitive ? part : ignoringCase(part))
            }
            keys.append(try .makeList(parts))
        }
        return try .makeList(
            try sorted(elements, by: keys, reverse: try values[0].integer(or: 0) != 0, evaluator))
    }

    @Sendable
    private static func sortDictionary(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        let values = try arguments.bind("do_dictsort", ["case_sensitive", "by", "reverse"])
        let isCaseSensitive = try values[0].isTrue(evaluator)
        let by = (values[1] ?? .string("key")).text
        guard by == "key" || by == "value" else {
            throw .runtime("You can only sort by either \"key\" or \"value\"")
        }
        guard case .dictionary(let dictionary) = value else { throw MarkupFilters.noItems(value) }
        let keys = (by == "key" ? dictionary.keys : dictionary.values).map { isCaseSensitive ? $0 : ignoringCase($0) }
        let items = (0..<dictionary.count).map(dictionary.item(at:))
        return try .makeList(try sorted(items, by: keys, reverse: try values[2].integer(or: 0) != 0, evaluator))
    }

    @Sendable
    private static func unique(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        let values = try arguments.bind("do_unique", ["case_sensitive", "attribute"])
        let isCaseSensitive = try values[0].isTrue(evaluator)
        let path =
            try values[1].given.map { value throws(TemplateError) in try AttributePath(value) } ?? AttributePath()
        var seen = Set<HashKey>()
        var source: ValueIterator?
        let iterator = ComputedIterator { () throws(TemplateError) in
            let elements: ValueIterator = if let source { source } else { try evaluator.iterator(value) }
            source = elements
            while let element = try elements.next() {
                try evaluator.step()
                let key = try path.value(in: element, evaluator)
                if seen.insert(try HashKey(isCaseSensitive ? key : ignoringCase(key), evaluator.meter)).inserted {
                    return element
                }
            }
            return nil
        }
        return .object(try GeneratorObject("generator object sync_do_unique", over: value, iterator))
    }

    private static func extreme(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments, _ operation: ComparisonOperator, _ name: String
    ) throws(TemplateError) -> Value {
        let values = try arguments.bind(name, ["case_sensitive", "attribute"])
        let isCaseSensitive = try values[0].isTrue(evaluator)
        let path =
            try values[1].given.map { value throws(TemplateError) in try AttributePath(value) } ?? AttributePath()
        func key(_ element: Value) throws(TemplateError) -> Value {
            let key = try path.value(in: element, evaluator)
            return isCaseSensitive ? key : ignoringCase(key)
        }
        let iterator = try evaluator.iterator(value)
        guard var best = try iterator.next() else {
            return evaluator.undefined { "No aggregated item, sequence was empty." }
        }
        var bestKey = try key(best)
        while let element = try iterator.next() {
            try evaluator.step()
            let elementKey = try key(element)
            if try PythonComparison.order(elementKey, bestKey, operation, evaluator.meter) {
                (best, bestKey) = (element, elementKey)
            }
        }
        return best
    }

    @Sendable
    private static func group(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        let values = try arguments.bind("do_groupby", ["attribute", "default", "case_sensitive"], required: 1)
        let isCaseSensitive = try values[2].isTrue(evaluator)
        let path =
            try values[0].given.map { value throws(TemplateError) in try AttributePath(value) } ?? AttributePath()
        func key(_ element: Value) throws(TemplateError) -> Value {
            let key = try path.value(in: element, evaluator, or: values[1].given)
            return isCaseSensitive ? key : ignoringCase(key)
        }
        let elements = try evaluator.elements(value)
        var keys: [Value] = []
        for element in elements { keys.append(try key(element)) }
        var groups: [Value] = []
        var members: [Value] = []
        var currentKey: Value?
        func flush() throws(TemplateError) {
            guard let first = members.first, let key = currentKey else { return }
            let grouper = isCaseSensitive ? key : try path.value(in: first, evaluator, or: values[1].given)
            let pair = [grouper, try Value.makeList(members)]
            groups.append(.tuple(try ValueList(checked: pair, fieldNames: ["grouper", "list"])))
            members = []
        }
        for element in try sorted(elements, by: keys, reverse: false, evaluator) {
            let key = try key(element)
            if let current = currentKey, try !PythonComparison.areEqual(current, key, evaluator.meter) {
                try flush()
                currentKey = key
            }
            if currentKey == nil { currentKey = key }
            members.append(element)
        }
        try flush()
        return try .makeList(groups)
    }
}
