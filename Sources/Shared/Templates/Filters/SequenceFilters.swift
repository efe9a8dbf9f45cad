/// Filters that take sequences apart and put them together.
enum SequenceFilters {
    static let table: [String: Filter.Function] = [
        "batch": batch,
        "slice": slice,
        "first": { evaluator, value, arguments throws(TemplateError) in
            try arguments.expectNone("do_first")
            return try evaluator.iterator(value).next()
                ?? evaluator.undefined { "No first item, sequence was empty." }
        },
        "last": { evaluator, value, arguments throws(TemplateError) in
            try arguments.expectNone("do_last")
            guard let iterator = try reversed(value, evaluator) else {
                throw .type("'\(value.typeName)' object is not reversible")
            }
            return try iterator.next() ?? evaluator.undefined { "No last item, sequence was empty." }
        },
        "length": length,
        "count": length,
        "list": { evaluator, value, arguments throws(TemplateError) in
            try arguments.expectNone("do_list")
            return try .makeList(try evaluator.elements(value))
        },
        "reverse": reverse,
        "join": join,
        "sum": sum,
        "random": random,
        "items": items,
    ]

    @Sendable
    private static func length(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        try arguments.expectNone("len")
        return .integer(try evaluator.length(value))
    }

    // MARK: Parts

    @Sendable
    private static func batch(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        let values = try arguments.bind("do_batch", ["linecount", "fill_with"], required: 1)
        let size = values[0] ?? .none
        var source: ValueIterator?
        var ahead: Value?
        let iterator = ComputedIterator { () throws(TemplateError) in
            if source == nil {
                source = try evaluator.iterator(value)
                ahead = try source?.next()
            }
            guard let source, let first = ahead else { return nil }
            var part = [first]
            ahead = nil
            while let element = try source.next() {
                try evaluator.step()
                if try PythonComparison.areEqual(.integer(part.count), size, evaluator.meter) {
                    ahead = element
                    break
                }
                part.append(element)
                try evaluator.checkCount(part.count)
            }
            if ahead == nil, let fill = values[1].given {
                guard let number = PythonNumber(size), case .integer(let count) = number else {
                    throw .type("can't multiply sequence by non-int of type '\(size.typeName)'")
                }
                try evaluator.checkCount(count)
                if part.count < count { part += repeatElement(fill, count: count - part.count) }
            }
            return try .makeList(part)
        }
        return .object(try GeneratorObject("generator object do_batch", over: value, iterator))
    }

    @Sendable
    private static func slice(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        let values = try arguments.bind("sync_do_slice", ["slices", "fill_with"], required: 1)
        var elements: [Value]?
        var (place, offset) = (0, 0)
        let iterator = ComputedIterator { () throws(TemplateError) in
            let all: [Value] = if let elements { elements } else { try evaluator.elements(value) }
            elements = all
            _ = try evaluator.binary(.divideFloored, .integer(all.count), values[0] ?? .none)
            let count = try (values[0] ?? .none).cInteger()
            guard place < count else { return nil }
            try evaluator.step()
            let (size, extra) = (all.count / count, all.count % count)
            let start = offset + place * size
            if place < extra { offset += 1 }
            let end = offset + (place + 1) * size
            var part = Array(all[start..<end])
            if let fill = values[1].given, place >= extra { part.append(fill) }
            place += 1
            return try .makeList(part)
        }
        return .object(try GeneratorObject("generator object sync_do_slice", over: value, iterator))
    }

    // MARK: Order

    /// What Python's `reversed(value)` walks, nil for a value that cannot be.
    static func reversed(_ value: Value, _ evaluator: Evaluator) throws(TemplateError) -> ValueIterator? {
        func walk(_ count: Int, _ element: @escaping (Int) -> Value) -> ValueIterator {
            IndexedIterator(count: count) { element(count - 1 - $0) }
        }
        switch value {
        case .list(let list), .tuple(let list): return walk(list.count) { list[$0] }
        case .dictionary(let dictionary): return walk(dictionary.count, dictionary.key(at:))
        case .string, .markup, .bytes:
            let elements = try evaluator.elements(value)
            return walk(elements.count) { elements[$0] }
        case .object(let range as RangeObject): return walk(range.count, range.element)
        case .object(let view as DictionaryView): return walk(view.dictionary.count, view.element)
        case .undefined(let undefined):
            if undefined.isStrict { throw undefined.error }
            return ValueIterator()
        default: return nil
        }
    }

    @Sendable
    private static func reverse(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        try arguments.expectNone("do_reverse")
        if let text = value.text {
            let reversed = PythonStrings.string(text.unicodeScalars.reversed())
            return value.isMarkup ? .markup(reversed) : .string(reversed)
        }
        if let iterator = try reversed(value, evaluator) {
            let name =
                switch value {
                case .list: "list_reverseiterator object"
                case .dictionary: "dict_reversekeyiterator object"
                case .object(is RangeObject): "range_iterator object"
                default: "reversed object"
                }
            return .object(try GeneratorObject(name, over: value, iterator))
        }
        guard let iterator = try evaluator.iterator(ifIterable: value) else {
            throw .runtime("argument must be iterable")
        }
        return try .makeList(try iterator.rest().reversed())
    }

    // MARK: Whole sequences

    @Sendable
    private static func join(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        let values = try arguments.bind("do_join", ["d", "attribute"])
        let separatorValue = values[0] ?? .string("")
        let path = try values[1].given.map { value throws(TemplateError) in try AttributePath(value) }
        var elements: [Value] = []
        let iterator = try evaluator.iterator(value)
        while let element = try iterator.next() {
            try evaluator.step()
            elements.append(try path?.value(in: element, evaluator) ?? element)
        }
        let isMarkup =
            evaluator.escapesOutput && (separatorValue.isMarkup || elements.contains(where: \.isMarkup))
        func text(_ value: Value) throws(TemplateError) -> String {
            isMarkup ? try Markup.escaped(value, evaluator) : try evaluator.text(of: value)
        }
        let separator = try text(separatorValue)
        var result: [UInt8] = []
        for (place, element) in elements.enumerated() {
            if place > 0 { result.append(contentsOf: separator.utf8) }
            result.append(contentsOf: try text(element).utf8)
            try evaluator.checkSize(result.count)
        }
        let joined = String(decoding: result, as: UTF8.self)
        return isMarkup ? .markup(joined) : .string(joined)
    }

    @Sendable
    private static func sum(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        let values = try arguments.bind("do_sum", ["attribute", "start"])
        let path = try values[0].given.map { value throws(TemplateError) in try AttributePath(value) }
        var total = values[1] ?? .integer(0)
        if total.text != nil { throw .type("sum() can't sum strings [use ''.join(seq) instead]") }
        if case .bytes = total { throw .type("sum() can't sum bytes [use b''.join(seq) instead]") }
        let iterator = try evaluator.iterator(value)
        while let element = try iterator.next() {
            try evaluator.step()
            total = try evaluator.add(total, try path?.value(in: element, evaluator) ?? element)
        }
        return total
    }

    @Sendable
    private static func random(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        try arguments.expectNone("do_random")
        let count = try evaluator.length(value)
        guard count > 0 else { return evaluator.undefined { "No random item, sequence was empty." } }
        let place = try evaluator.random(below: count)
        switch value {
        case .string, .markup, .list, .tuple, .bytes: return try evaluator.item(.integer(place), of: value)
        case .object(let range as RangeObject): return range.element(place)
        case .dictionary(let dictionary):
            guard let value = try dictionary.value(of: .integer(place), evaluator.meter) else {
                throw TemplateError(.runtime, .keyError, "\(place)")
            }
            return value
        default: throw .type("'\(value.typeName)' object is not subscriptable")
        }
    }

    @Sendable
    private static func items(
        _ evaluator: Evaluator, _ value: Value, _ arguments: Arguments
    ) throws(TemplateError) -> Value {
        try arguments.expectNone("do_items")
        var place = 0
        let iterator = ComputedIterator { () throws(TemplateError) in
            if value.isUndefined { return nil }
            guard case .dictionary(let dictionary) = value else {
                throw .type("Can only get item pairs from a mapping.")
            }
            guard place < dictionary.count else { return nil }
            defer { place += 1 }
            return dictionary.item(at: place)
        }
        return .object(try GeneratorObject("generator object do_items", over: value, iterator))
    }
}
