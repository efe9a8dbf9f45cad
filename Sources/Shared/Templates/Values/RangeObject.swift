/// Python's `range`, of at most 100,000 elements as the sandbox has it.
final class RangeObject: TemplateObject {
    static let limit = 100_000

    let start: Int
    let step: Int
    let count: Int
    private let stop: Int

    init(start: Int, stop: Int, step: Int) throws(TemplateError) {
        guard step != 0 else { throw .value("range() arg 3 must not be zero") }
        let (distance, overflow) =
            step > 0 ? stop.subtractingReportingOverflow(start) : start.subtractingReportingOverflow(stop)
        let stride = step.magnitude
        let count: UInt
        if step > 0 ? stop <= start : stop >= start {
            count = 0
        } else if overflow {
            count = .max
        } else {
            count = (UInt(distance) - 1) / stride + 1
        }
        guard count <= UInt(Self.limit) else {
            throw .overflow("Range too big. The sandbox blocks ranges larger than MAX_RANGE (\(Self.limit)).")
        }
        self.start = start
        self.stop = stop
        self.step = step
        self.count = Int(count)
    }

    override var typeName: String { "range" }
    override var isTrue: Bool { count > 0 }
    override func length() -> Int? { count }

    func element(_ place: Int) -> Value { .integer(start + place * step) }

    override func makeIterator() -> ValueIterator? { IndexedIterator(count: count, element: element) }

    override func item(_ key: Value) throws(TemplateError) -> Value? {
        guard let index = key.index else {
            throw .type("range indices must be integers or slices, not \(key.typeName)")
        }
        let place = index < 0 ? index + count : index
        return (0..<count).contains(place) ? element(place) : nil
    }

    /// Whether the range has this number, by arithmetic.
    func contains(_ value: Int) -> Bool {
        let (distance, overflow) = value.subtractingReportingOverflow(start)
        return !overflow && distance % step == 0 && (0..<count).contains(distance / step)
    }

    override func attribute(_ name: String, _ evaluator: Evaluator) -> Value? {
        switch name {
        case "start": .integer(start)
        case "stop": .integer(stop)
        case "step": .integer(step)
        case "index", "count":
            MethodTable.bound(name, .object(self)) { [self] arguments, evaluator throws(TemplateError) in
                guard let method = ListMethods.method(name, isTuple: true),
                    case .tuple(let elements) = try Value.makeTuple((0..<count).map(element))
                else { return .none }
                return try method(elements, arguments, evaluator)
            }
        default: nil
        }
    }

    override func appendRepr(to bytes: inout [UInt8], _ printer: inout PythonPrinter) {
        bytes.append(contentsOf: "range(\(start), \(stop)\(step == 1 ? "" : ", \(step)"))".utf8)
    }
}
