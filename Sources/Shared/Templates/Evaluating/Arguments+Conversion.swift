extension Value {
    /// The value as an index of Python's C functions: huge integers end at the edges.
    func cInteger(_ message: String? = nil) throws(TemplateError) -> Int {
        switch self {
        case .integer(let value): return value
        case .bool(let value): return value ? 1 : 0
        case .bigInteger: throw .overflow("Python int too large to convert to C ssize_t")
        case .undefined(let undefined) where undefined.isStrict: throw undefined.error
        default: throw .type(message ?? "'\(typeName)' object cannot be interpreted as an integer")
        }
    }

    /// The text of a string argument.
    func expectText(_ what: String) throws(TemplateError) -> String {
        if let text { return text }
        throw .type("\(what) must be str, not \(typeName)")
    }
}

extension Value? {
    /// The integer that was given, or what stands for it.
    func integer(or fallback: Int) throws(TemplateError) -> Int {
        switch self {
        case nil: fallback
        case let value?: try value.cInteger()
        }
    }

    /// Nil for an argument that is missing or None.
    var given: Value? {
        guard let value = self, !value.isNone else { return nil }
        return value
    }
}
