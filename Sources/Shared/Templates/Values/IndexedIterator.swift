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
