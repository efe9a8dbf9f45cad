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

/// Walks elements that are reached by their place.
final class IndexedIterator: ValueIterator {
    private let count: Int
    private let element: (Int) -> Value
    private var place = 0

    init(count: Int, element: @escaping (Int) -> Value) {
        self.count = count
        self.element = element
    }

    override func next() throws(TemplateError) -> Value? {
        guard place < count else { return nil }
        defer { place += 1 }
        return element(place)
    }
}

/// Computes values as they are asked for.
final class ComputedIterator: ValueIterator {
    private let produce: () throws(TemplateError) -> Value?

    init(_ produce: @escaping () throws(TemplateError) -> Value?) {
        self.produce = produce
    }

    override func next() throws(TemplateError) -> Value? { try produce() }
}
