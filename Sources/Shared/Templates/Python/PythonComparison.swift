import JSON

/// Python's `==`, `<` and `in`.
enum PythonComparison {
    static func areEqual(_ left: Value, _ right: Value, _ meter: WorkMeter) throws(TemplateError) -> Bool {
        if let order = numericOrder(left, right) { return order == .equal }
        switch (left, right) {
        case (.none, .none): return true
        case (.string(let left), .string(let right)), (.markup(let left), .string(let right)),
            (.string(let left), .markup(let right)), (.markup(let left), .markup(let right)):
            guard left.utf8.count == right.utf8.count else { return false }
            try meter.chargeCopy(bytes: left.utf8.count)
            return ExactString(left) == ExactString(right)
        case (.bytes(let left), .bytes(let right)): return left == right
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            return try areEqual(left, right, meter)
        case (.dictionary(let left), .dictionary(let right)): return try areEqual(left, right, meter)
        case (.undefined(let left), .undefined(let right)):
            if left.isStrict || right.isStrict { throw left.error }
            return true
        case (.undefined(let undefined), _), (_, .undefined(let undefined)):
            if undefined.isStrict { throw undefined.error }
            return false
        case (.object(let left), .object(let right)): return areEqual(left, right)
        default: return false
        }
    }

    private static func areEqual(
        _ left: ValueList, _ right: ValueList, _ meter: WorkMeter
    ) throws(TemplateError) -> Bool {
        if left === right { return true }
        guard left.count == right.count else { return false }
        try meter.charge(left.count + 1)
        for place in 0..<left.count {
            guard try areEqual(left[place], right[place], meter) else { return false }
        }
        return true
    }

    private static func areEqual(
        _ left: ValueDictionary, _ right: ValueDictionary, _ meter: WorkMeter
    ) throws(TemplateError) -> Bool {
        if left === right { return true }
        guard left.count == right.count else { return false }
        try meter.charge(left.count + 1)
        for place in 0..<left.count {
            guard let other = try right.value(of: left.key(at: place), meter),
                try areEqual(left.value(at: place), other, meter)
            else { return false }
        }
        return true
    }

    private static func areEqual(_ left: TemplateObject, _ right: TemplateObject) -> Bool {
        if left === right { return true }
        guard let left = left as? RangeObject, let right = right as? RangeObject, left.count == right.count
        else { return false }
        return left.count == 0 || left.start == right.start && (left.count == 1 || left.step == right.step)
    }

    enum Order {
        case less, equal, greater
        /// One of the two is not a number.
        case unordered
    }

    /// The exact order of two numbers, nil when one of the values is none.
    static func numericOrder(_ left: Value, _ right: Value) -> Order? {
        switch (left, right) {
        case (.integer(let left), .integer(let right)): return order(left, right)
        case (.float(let left), .float(let right)):
            return left < right ? .less : left > right ? .greater : left == right ? .equal : .unordered
        default: break
        }
        guard let left = PythonNumber(left), let right = PythonNumber(right) else { return nil }
        switch (left, right) {
        case (.integer(let left), .integer(let right)): return order(left, right)
        case (.float(let left), .float(let right)): return numericOrder(.float(left), .float(right))
        case (.float(let left), _): return order(left, right.big)
        case (_, .float(let right)):
            switch order(right, left.big) {
            case .less: return .greater
            case .greater: return .less
            case let same: return same
            }
        default: return order(left.big, right.big)
        }
    }

    private static func order<T: Comparable>(_ left: T, _ right: T) -> Order {
        left < right ? .less : left == right ? .equal : .greater
    }

    /// A float against an integer without rounding either.
    private static func order(_ left: Double, _ right: BigInteger) -> Order {
        guard left.isFinite else { return left.isNaN ? .unordered : left < 0 ? .less : .greater }
        let whole = left.rounded(.down)
        let compared = order(BigInteger(truncating: whole), right)
        return compared == .equal && left > whole ? .greater : compared
    }

    /// `left < right`, `<=`, `>` or `>=`.
    static func order(
        _ left: Value, _ right: Value, _ operation: ComparisonOperator, _ meter: WorkMeter
    ) throws(TemplateError) -> Bool {
        if case .undefined(let undefined) = left { throw undefined.error }
        if case .undefined(let undefined) = right { throw undefined.error }
        if let order = numericOrder(left, right) { return operation.holds(order) }
        switch (left, right) {
        case (.string(let left), .string(let right)), (.markup(let left), .string(let right)),
            (.string(let left), .markup(let right)), (.markup(let left), .markup(let right)):
            try meter.charge(min(left.utf8.count, right.utf8.count) >> 5)
            return operation.holds(order(Array(left.utf8), Array(right.utf8)))
        case (.bytes(let left), .bytes(let right)): return operation.holds(order(left, right))
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            try meter.charge(1)
            for place in 0..<min(left.count, right.count)
            where try !areEqual(left[place], right[place], meter) {
                return try order(left[place], right[place], operation, meter)
            }
            return operation.holds(order(left.count, right.count))
        default:
            throw .type(
                "'\(operation.rawValue)' not supported between instances of '\(left.typeName)' and '\(right.typeName)'")
        }
    }

    private static func order(_ left: [UInt8], _ right: [UInt8]) -> Order {
        left == right ? .equal : left.lexicographicallyPrecedes(right) ? .less : .greater
    }
}
