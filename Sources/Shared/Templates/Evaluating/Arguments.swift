import JSON

/// What a filter, test, method, macro or function is called with.
struct Arguments {
    var positional: [Value] = []
    var keywords: [(name: String, value: Value)] = []

    static var none: Arguments { Arguments() }

    var isEmpty: Bool { positional.isEmpty && keywords.isEmpty }

    func keyword(_ name: String) -> Value? { keywords.first { $0.name == name }?.value }

    mutating func removeKeyword(_ name: String) -> Value? {
        guard let place = keywords.firstIndex(where: { $0.name == name }) else { return nil }
        return keywords.remove(at: place).value
    }

    /// The values of named parameters in their order, nil for one that was not given.
    ///
    /// - Parameters:
    ///   - required: how many of them, from the first, must be given.
    ///   - positionalOnly: how many of them, from the first, have no name to the caller.
    /// - Throws: the type errors that Python raises for such a call.
    func bind(
        _ function: String, _ parameters: [String], required: Int = 0, positionalOnly: Int = 0
    ) throws(TemplateError) -> [Value?] {
        guard positional.count <= parameters.count else {
            throw .type(
                "\(function)() takes at most \(parameters.count) argument\(parameters.count == 1 ? "" : "s") "
                    + "(\(positional.count + keywords.count) given)")
        }
        var values: [Value?] = positional
        values += [Value?](repeating: nil, count: parameters.count - positional.count)
        for (name, value) in keywords {
            guard let place = parameters[positionalOnly...].firstIndex(of: name) else {
                throw .type("\(function)() got an unexpected keyword argument '\(name)'")
            }
            guard values[place] == nil else {
                throw .type("\(function)() got multiple values for argument '\(name)'")
            }
            values[place] = value
        }
        for place in 0..<required where values[place] == nil {
            throw .type("\(function)() missing required argument: '\(parameters[place])'")
        }
        return values
    }

    /// Refuses any argument.
    func expectNone(_ function: String) throws(TemplateError) {
        guard isEmpty else {
            throw .type("\(function)() takes no arguments (\(positional.count + keywords.count) given)")
        }
    }
}
