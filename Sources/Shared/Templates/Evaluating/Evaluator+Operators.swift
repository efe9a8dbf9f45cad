extension Evaluator {
    func isTrue(_ value: Value) throws(TemplateError) -> Bool {
        switch value {
        case .undefined(let undefined):
            if undefined.isStrict { throw undefined.error }
            return false
        case .none: return false
        case .bool(let value): return value
        case .integer(let value): return value != 0
        case .bigInteger: return true
        case .float(let value): return value != 0
        case .string(let text), .markup(let text): return !text.isEmpty
        case .bytes(let bytes): return !bytes.isEmpty
        case .list(let list), .tuple(let list): return list.count > 0
        case .dictionary(let dictionary): return dictionary.count > 0
        case .object(let object): return object.isTrue
        }
    }

    func compare(_ left: Value, _ operation: ComparisonOperator, _ right: Value) throws(TemplateError) -> Bool {
        switch operation {
        case .equal: return try PythonComparison.areEqual(left, right, meter)
        case .notEqual: return try !PythonComparison.areEqual(left, right, meter)
        case .isIn: return try contains(right, left)
        case .isNotIn: return try !contains(right, left)
        default: return try PythonComparison.order(left, right, operation, meter)
        }
    }

    /// Python's `value in container`.
    func contains(_ container: Value, _ value: Value) throws(TemplateError) -> Bool {
        switch container {
        case .string(let text), .markup(let text):
            guard let part = value.text else {
                throw .type("'in <string>' requires string as left operand, not \(value.typeName)")
            }
            try meter.charge((text.utf8.count + part.utf8.count) >> 5)
            return PythonStrings.contains(text, part)
        case .bytes(let bytes):
            if case .bytes(let part) = value { return PythonStrings.find(part, in: bytes) != nil }
            return value.index.map { index in bytes.contains { Int($0) == index } } ?? false
        case .list(let list), .tuple(let list):
            try meter.charge(list.count >> 3)
            for place in 0..<list.count where try PythonComparison.areEqual(list[place], value, meter) { return true }
            return false
        case .dictionary(let dictionary): return try dictionary.value(of: value, meter) != nil
        case .undefined(let undefined) where undefined.isStrict: throw undefined.error
        case .object(let range as RangeObject):
            if let index = value.index { return range.contains(index) }
        case .object(let view as DictionaryView) where view.kind == .keys:
            return try view.dictionary.value(of: value, meter) != nil
        default: break
        }
        guard let iterator = try iterator(ifIterable: container) else {
            throw .type("argument of type '\(container.typeName)' is not iterable")
        }
        while let element = try iterator.next() {
            try step()
            if try PythonComparison.areEqual(element, value, meter) { return true }
        }
        return false
    }

    func binary(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws(TemplateError) -> Value {
        if operation == .modulo, let format = left.text {
            let text = try PercentFormatting.format(format, right, self, escapes: left.isMarkup)
            return left.isMarkup ? .markup(text) : .string(text)
        }
        if case .undefined(let undefined) = left { throw undefined.error }
        if case .undefined(let undefined) = right { throw undefined.error }
        if let leftNumber = PythonNumber(left), let rightNumber = PythonNumber(right) {
            return try arithmetic(operation, leftNumber, rightNumber)
        }
        switch operation {
        case .add: return try add(left, right)
        case .multiply:
            if left.isSequence, let count = try right.repetition(), let product = try multiply(left, count) {
                return product
            }
            if right.isSequence, let count = try left.repetition(), let product = try multiply(right, count) {
                return product
            }
            if left.isSequence || right.isSequence {
                let other = left.isSequence ? right : left
                throw .type("can't multiply sequence by non-int of type '\(other.typeName)'")
            }
        default: break
        }
        throw unsupported(operation == .power ? "** or pow()" : operation.rawValue, left, right)
    }

    private func unsupported(_ symbol: String, _ left: Value, _ right: Value) -> TemplateError {
        .type("unsupported operand type(s) for \(symbol): '\(left.typeName)' and '\(right.typeName)'")
    }

    private func arithmetic(
        _ operation: BinaryOperator, _ left: PythonNumber, _ right: PythonNumber
    ) throws(TemplateError) -> Value {
        switch (left, right) {
        case (.bigInteger(let left), .bigInteger(let right)):
            try meter.charge(left.limbs.count + right.limbs.count + left.limbs.count * right.limbs.count >> 5)
        case (.bigInteger(let big), _), (_, .bigInteger(let big)): try meter.charge(big.limbs.count)
        default: break
        }
        switch operation {
        case .add: return try PythonArithmetic.add(left, right)
        case .subtract: return try PythonArithmetic.subtract(left, right)
        case .multiply: return try PythonArithmetic.multiply(left, right)
        case .divide: return try PythonArithmetic.divide(left, right)
        case .divideFloored: return try PythonArithmetic.dividedFloored(left, right, "//").quotient
        case .modulo: return try PythonArithmetic.dividedFloored(left, right, "%").remainder
        case .power:
            let power = try PythonArithmetic.power(left, right)
            if case .bigInteger(let big) = power { try meter.charge(big.limbs.count * big.limbs.count >> 4) }
            return power
        }
    }

    func add(_ left: Value, _ right: Value) throws(TemplateError) -> Value {
        switch (left, right) {
        case (.string(let left), .string(let right)):
            try checkSize(left.utf8.count + right.utf8.count)
            try meter.chargeCopy(bytes: left.utf8.count + right.utf8.count)
            return .string(left + right)
        case (.markup(let text), _) where right.text != nil:
            return .markup(text + (try Markup.escaped(right, self)))
        case (.string(let left), .markup(let right)): return .markup(Markup.escape(left) + right)
        case (.list(let left), .list(let right)):
            try checkCount(left.count + right.count)
            try meter.charge((left.count + right.count) >> 3)
            return try .makeList(left.values + right.values)
        case (.tuple(let left), .tuple(let right)):
            try checkCount(left.count + right.count)
            return try .makeTuple(left.values + right.values)
        case (.bytes(let left), .bytes(let right)): return .bytes(left + right)
        case (.undefined(let undefined), _), (_, .undefined(let undefined)): throw undefined.error
        case (.string, _), (.markup, _):
            throw .type("can only concatenate str (not \"\(right.typeName)\") to str")
        case (.list, _), (.tuple, _):
            throw .type("can only concatenate \(left.typeName) (not \"\(right.typeName)\") to \(left.typeName)")
        default:
            if let left = PythonNumber(left), let right = PythonNumber(right) {
                return try PythonArithmetic.add(left, right)
            }
            throw unsupported("+", left, right)
        }
    }

    /// A sequence so many times, nil when the value is none.
    private func multiply(_ value: Value, _ count: Int) throws(TemplateError) -> Value? {
        // Nothing, ever so often, is nothing: it must not be counted out.
        let count = value.isEmptySequence ? 0 : max(0, count)
        func check(_ size: Int, _ unit: Int) throws(TemplateError) {
            let (total, overflow) = size.multipliedReportingOverflow(by: count)
            try checkSize(overflow ? .max : total.multipliedReportingOverflow(by: unit).partialValue)
            try meter.charge(total >> 4)
        }
        switch value {
        case .string(let text):
            try check(text.utf8.count, 1)
            return .string(String(repeating: text, count: count))
        case .markup(let text):
            try check(text.utf8.count, 1)
            return .markup(String(repeating: text, count: count))
        case .bytes(let bytes):
            try check(bytes.count, 1)
            return .bytes(Array(repeatElement(bytes, count: count).joined()))
        case .list(let list):
            try check(list.count, 1)
            return try .makeList(Array(repeatElement(list.values, count: count).joined()))
        case .tuple(let list):
            try check(list.count, 1)
            return try .makeTuple(Array(repeatElement(list.values, count: count).joined()))
        default: return nil
        }
    }

    func negative(_ value: Value) throws(TemplateError) -> Value {
        if case .undefined(let undefined) = value { throw undefined.error }
        guard let number = PythonNumber(value) else { throw .type("bad operand type for unary -: '\(value.typeName)'") }
        return PythonArithmetic.negate(number)
    }

    func positive(_ value: Value) throws(TemplateError) -> Value {
        switch value {
        case .undefined(let undefined): throw undefined.error
        case .bool(let value): return .integer(value ? 1 : 0)
        case .integer, .bigInteger, .float: return value
        case .markup, .string: throw .type("bad operand type for unary +: 'str'")
        default: throw .type("bad operand type for unary +: '\(value.typeName)'")
        }
    }
}

extension Value {
    /// How often a sequence is repeated by this value; nil for what is no number.
    fileprivate func repetition() throws(TemplateError) -> Int? {
        if case .bigInteger = self { throw .overflow("cannot fit 'int' into an index-sized integer") }
        return index
    }

    fileprivate var isEmptySequence: Bool {
        switch self {
        case .string(let text), .markup(let text): text.isEmpty
        case .bytes(let bytes): bytes.isEmpty
        case .list(let list), .tuple(let list): list.count == 0
        default: false
        }
    }

    fileprivate var isSequence: Bool {
        switch self {
        case .string, .markup, .bytes, .list, .tuple: true
        default: false
        }
    }
}
