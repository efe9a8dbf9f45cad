/// Hands out values one at a time.
class ValueIterator {
    func next() throws(TemplateError) -> Value? { nil }

    /// Everything that is left.
    final func rest() throws(TemplateError) -> [Value] {
        var values: [Value] = []
        while let value = try next() { values.append(value) }
        return values
    }
}
