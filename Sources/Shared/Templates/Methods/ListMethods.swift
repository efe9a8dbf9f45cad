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
        try evaluator.meter.charge(list.count >> 3)
        if let wanted = values[0], start < stop {
            for place in start..<stop where try PythonComparison.areEqual(list[place], wanted, evaluator.meter) {
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
        try evaluator.meter.charge(list.count >> 3)
        var count = 0
        for place in 0..<list.count where try PythonComparison.areEqual(list[place], wanted, evaluator.meter) {
            count += 1
        }
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
