/// Computes values as they are asked for.
final class ComputedIterator: ValueIterator {
    private let produce: () throws(TemplateError) -> Value?

    init(_ produce: @escaping () throws(TemplateError) -> Value?) {
        self.produce = produce
    }

    override func next() throws(TemplateError) -> Value? { try produce() }
}
