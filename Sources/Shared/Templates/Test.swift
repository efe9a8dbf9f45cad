import JSON

/// A test: what stands behind `is`.
struct Test: Sendable {
    typealias Function = @Sendable (Evaluator, Value, Arguments) throws(TemplateError) -> Bool

    let name: String
    let function: Function
}

/// The tests that a template may use.
struct TestTable: Sendable {
    private let tests: [String: Test]

    subscript(name: String) -> Test? { tests[name] }

    static let standard: TestTable = {
        var tests: [String: Test] = [:]
        for group in [TypeTests.table, ComparisonTests.table] {
            for (name, function) in group { tests[name] = Test(name: name, function: function) }
        }
        return TestTable(tests: tests)
    }()
}

/// Tests of what a value is.
enum TypeTests {
    static let table: [String: Test.Function] = [
        "defined": simple("defined") { value, _ in !value.isUndefined },
        "undefined": simple("undefined") { value, _ in value.isUndefined },
        "none": simple("none") { value, _ in value.isNone },
        "boolean": simple("boolean") { value, _ in if case .bool = value { true } else { false } },
        "false": simple("false") { value, _ in if case .bool(false) = value { true } else { false } },
        "true": simple("true") { value, _ in if case .bool(true) = value { true } else { false } },
        "integer": simple("integer") { value, _ in
            switch value {
            case .integer, .bigInteger: true
            default: false
            }
        },
        "float": simple("float") { value, _ in if case .float = value { true } else { false } },
        "number": simple("number") { value, _ in PythonNumber(value) != nil },
        "string": simple("string") { value, _ in value.text != nil },
        "mapping": simple("mapping") { value, _ in if case .dictionary = value { true } else { false } },
        "sequence": simple("sequence") { value, _ in isSequence(value) },
        "iterable": simple("iterable") { value, evaluator throws(TemplateError) in
            try evaluator.iterator(ifIterable: value) != nil
        },
        "callable": simple("callable") { value, _ in
            switch value {
            case .undefined: true
            case .object(let object): object.isCallable
            default: false
            }
        },
        "escaped": simple("escaped") { value, _ in value.isMarkup },
        "lower": simple("lower") { value, evaluator throws(TemplateError) in
            PythonCase.isLower(try evaluator.text(of: value))
        },
        "upper": simple("upper") { value, evaluator throws(TemplateError) in
            PythonCase.isUpper(try evaluator.text(of: value))
        },
        "filter": simple("filter") { value, evaluator throws(TemplateError) in
            guard let name = value.text else {
                _ = try HashKey(value)
                return false
            }
            return evaluator.program.filters[name] != nil
        },
        "test": simple("test") { value, _ throws(TemplateError) in
            guard let name = value.text else {
                _ = try HashKey(value)
                return false
            }
            return TestTable.standard[name] != nil
        },
    ]

    private static func simple(
        _ name: String, _ holds: @escaping @Sendable (Value, Evaluator) throws(TemplateError) -> Bool
    ) -> Test.Function {
        { evaluator, value, arguments throws(TemplateError) in
            try arguments.expectNone("test_\(name)")
            return try holds(value, evaluator)
        }
    }

    private static func isSequence(_ value: Value) -> Bool {
        switch value {
        case .string, .markup, .bytes, .list, .tuple, .dictionary: true
        case .undefined(let undefined): !undefined.isStrict
        case .object(let object): object is RangeObject
        default: false
        }
    }
}

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
        try PythonComparison.areEqual(try evaluator.binary(.modulo, value, divisor), .integer(wanted))
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
