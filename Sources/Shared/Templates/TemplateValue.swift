package import JSON

/// A value that goes into a template or comes out of one.
///
/// Made from JSON it shares the JSON's storage; nothing is copied. Not Sendable: make it where it is used.
package struct TemplateValue {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }

    /// A JSON value as Python would have it.
    package init(_ json: JSONValue) {
        value = Value(json)
    }

    package init(_ text: String) {
        value = .string(text)
    }

    /// The value as JSON, nil for what JSON has no form for: undefined, an iterator, a macro, and containers of them.
    package var json: JSONValue? {
        let program = Program(body: [], scope: Scope(), variableCount: 0, roots: [], selfVariable: nil)
        let evaluator = Evaluator(
            program, roots: [], undefinedBehavior: .lenient, isJSON: false, limits: .default, random: nil)
        return try? JSONConversion(sortsKeys: false, evaluator).json(value)
    }

    /// Whether the value is defined and true in Python's sense: neither None nor False, no zero and not empty.
    package var isTrue: Bool {
        switch value {
        case .undefined, .none, .bool(false), .integer(0): false
        case .float(let value): value != 0
        case .string(let text), .markup(let text): !text.isEmpty
        case .bytes(let bytes): !bytes.isEmpty
        case .list(let list), .tuple(let list): list.count > 0
        case .dictionary(let dictionary): dictionary.count > 0
        case .object(let object): object.isTrue
        default: true
        }
    }

    package var isUndefined: Bool { value.isUndefined }

    /// The value printed as a template prints it, nil for one that prints nothing because it may not be.
    package var text: String? {
        var printer = PythonPrinter(
            byteLimit: RenderLimits.default.bytes, meter: WorkMeter(limit: RenderLimits.default.steps))
        var bytes: [UInt8] = []
        guard (try? printer.appendText(of: value, to: &bytes)) != nil else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
