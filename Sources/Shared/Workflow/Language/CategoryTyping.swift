package import JSON

/// How a list of a category sampler becomes values, as numpy does it: one type for all of them.
package enum CategoryTyping {
    /// All integers stay integers; integers beside floats become floats; one text makes texts of all.
    package static func typed(_ values: [JSONValue]) -> [JSONValue] {
        if values.contains(where: { $0.stringValue != nil }) { return values.map { .string(text($0)) } }
        if values.contains(where: \.isFloat) { return values.map { .number($0.doubleValue ?? .nan) } }
        return values
    }

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .number(let number): PythonFloat.repr(number)
        default: value.serialized()
        }
    }
}

extension JSONValue {
    fileprivate var isFloat: Bool { if case .number = self { true } else { false } }
}
