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
                _ = try HashKey(value, evaluator.meter)
                return false
            }
            return FilterTable.all[name] != nil
        },
        "test": simple("test") { value, evaluator throws(TemplateError) in
            guard let name = value.text else {
                _ = try HashKey(value, evaluator.meter)
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
