import JSON

/// Tests that compare a value with arguments.
enum ComparisonTests {
    static let table: [String: Test.Function] = {
        var table: [String: Test.Function] = [
            "odd": { evaluator, value, arguments throws(TemplateError) in
                try arguments.expectNone("test_odd")
                return try isRemainder(value, .integer(2), 1, evaluator)
            },
            "even": { evaluator, value, arguments throws(TemplateError) in
                try arguments.expectNone("test_even")
                return try isRemainder(value, .integer(2), 0, evaluator)
            },
            "divisibleby": { evaluator, value, arguments throws(TemplateError) in
                let divisor = try arguments.bind("test_divisibleby", ["num"], required: 1)[0] ?? .none
                return try isRemainder(value, divisor, 0, evaluator)
            },
            "sameas": { _, value, arguments throws(TemplateError) in
                areSame(value, try arguments.bind("test_sameas", ["other"], required: 1)[0] ?? .none)
            },
            "in": { evaluator, value, arguments throws(TemplateError) in
                try evaluator.contains(try arguments.bind("test_in", ["seq"], required: 1)[0] ?? .none, value)
            },
        ]
        let operators: [(ComparisonOperator, [String])] = [
            (.equal, ["==", "eq", "equalto"]), (.notEqual, ["!=", "ne"]), (.greater, [">", "gt", "greaterthan"]),
            (.greaterOrEqual, [">=", "ge"]), (.less, ["<", "lt", "lessthan"]), (.lessOrEqual, ["<=", "le"]),
        ]
        for (operation, names) in operators {
            for name in names { table[name] = comparison(operation, name) }
        }
        return table
    }()

    private static func comparison(_ operation: ComparisonOperator, _ name: String) -> Test.Function {
        { evaluator, value, arguments throws(TemplateError) in
            let other = try arguments.bind(name, ["other"], required: 1, positionalOnly: 1)[0] ?? .none
            return try evaluator.compare(value, operation, other)
        }
    }

    private static func isRemainder(
        _ value: Value, _ divisor: Value, _ wanted: Int, _ evaluator: Evaluator
    ) throws(TemplateError) -> Bool {
        try PythonComparison.areEqual(try evaluator.binary(.modulo, value, divisor), .integer(wanted), evaluator.meter)
    }

    /// Python's `is`, as far as values without an identity have one: equal scalars of one kind are the same.
    private static func areSame(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.none, .none): true
        case (.bool(let left), .bool(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.bigInteger(let left), .bigInteger(let right)): left == right
        case (.float(let left), .float(let right)): left == right
        case (.string(let left), .string(let right)), (.markup(let left), .markup(let right)):
            ExactString(left) == ExactString(right)
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)): left === right
        case (.dictionary(let left), .dictionary(let right)): left === right
        case (.object(let left), .object(let right)): left === right
        case (.undefined(let left), .undefined(let right)): left === right
        default: false
        }
    }
}
