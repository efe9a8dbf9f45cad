/// The places that a slice takes from a sequence, in their order.
struct SlicePlaces: Sequence {
    let start: Int
    let step: Int
    let count: Int

    /// - Throws: a value error for a step of 0.
    init(_ start: Int?, _ stop: Int?, _ step: Int?, count: Int) throws(TemplateError) {
        let step = step ?? 1
        guard step != 0 else { throw .value("slice step cannot be zero") }
        func clamp(_ index: Int) -> Int {
            let place = index < 0 ? index + count : index
            return step > 0 ? Swift.max(0, Swift.min(count, place)) : Swift.max(-1, Swift.min(count - 1, place))
        }
        let first = start.map(clamp) ?? (step > 0 ? 0 : count - 1)
        let end = stop.map(clamp) ?? (step > 0 ? count : -1)
        let distance = step > 0 ? end - first : first - end
        self.start = first
        self.step = step
        self.count = distance > 0 ? (distance - 1) / Int(clamping: step.magnitude) + 1 : 0
    }

    func makeIterator() -> AnyIterator<Int> {
        var index = 0
        return AnyIterator {
            guard index < count else { return nil }
            defer { index += 1 }
            return start + index * step
        }
    }
}
