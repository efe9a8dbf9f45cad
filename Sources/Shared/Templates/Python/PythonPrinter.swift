import JSON

/// Prints values as Python's `str` and `repr` do.
struct PythonPrinter {
    /// More bytes than this are refused, so that a small value which holds the same list many times cannot fill memory.
    let byteLimit: Int
    private let meter: WorkMeter
    private var depth = 0

    init(byteLimit: Int, meter: WorkMeter) {
        self.byteLimit = byteLimit
        self.meter = meter
    }

    /// Appends `str(value)`.
    mutating func appendText(of value: Value, to bytes: inout [UInt8]) throws(TemplateError) {
        switch value {
        case .string(let text), .markup(let text): bytes.append(contentsOf: text.utf8)
        case .integer(let number): bytes.append(decimal: number)
        case .undefined(let undefined): if undefined.isStrict { throw undefined.error }
        default: try appendRepr(of: value, to: &bytes)
        }
        guard bytes.count <= byteLimit else { throw Self.tooLong(byteLimit) }
    }

    /// Appends `repr(value)`.
    mutating func appendRepr(of value: Value, to bytes: inout [UInt8]) throws(TemplateError) {
        switch value {
        case .undefined: bytes.append(text: "Undefined")
        case .none: bytes.append(text: "None")
        case .bool(let value): bytes.append(text: value ? "True" : "False")
        case .integer(let value): bytes.append(decimal: value)
        case .bigInteger(let value): bytes.append(contentsOf: try Self.decimal(value, meter).utf8)
        case .float(let value): PythonFloat.append(value, to: &bytes)
        case .string(let text):
            try meter.chargeWalk(bytes: text.utf8.count)
            PythonRepr.append(text, to: &bytes)
        case .markup(let text):
            bytes.append(text: "Markup(")
            PythonRepr.append(text, to: &bytes)
            bytes.append(text: ")")
        case .bytes(let value): PythonRepr.append(value, to: &bytes)
        case .list, .tuple, .dictionary, .object:
            depth += 1
            defer { depth -= 1 }
            guard depth <= Value.nestingLimit else {
                throw .recursion("maximum recursion depth exceeded while getting the repr of an object")
            }
            try appendContainer(value, to: &bytes)
        }
    }

    private mutating func appendContainer(_ value: Value, to bytes: inout [UInt8]) throws(TemplateError) {
        switch value {
        case .list(let list):
            try appendElements(of: list, "[", to: &bytes)
            bytes.append(text: "]")
        case .tuple(let list):
            try appendElements(of: list, "(", to: &bytes)
            bytes.append(text: list.count == 1 ? ",)" : ")")
        case .dictionary(let dictionary): try appendMembers(of: dictionary, to: &bytes)
        case .object(let object): try object.appendRepr(to: &bytes, &self)
        default: break
        }
    }

    private mutating func appendElements(
        of list: ValueList, _ opening: StaticString, to bytes: inout [UInt8]
    ) throws(TemplateError) {
        bytes.append(text: opening)
        for place in 0..<list.count {
            if place > 0 { bytes.append(text: ", ") }
            try appendRepr(of: list[place], to: &bytes)
            try meter.step()
            guard bytes.count <= byteLimit else { throw Self.tooLong(byteLimit) }
        }
    }

    private mutating func appendMembers(of dictionary: ValueDictionary, to bytes: inout [UInt8]) throws(TemplateError) {
        bytes.append(text: "{")
        for place in 0..<dictionary.count {
            if place > 0 { bytes.append(text: ", ") }
            try appendRepr(of: dictionary.key(at: place), to: &bytes)
            bytes.append(text: ": ")
            try appendRepr(of: dictionary.value(at: place), to: &bytes)
            try meter.step()
            guard bytes.count <= byteLimit else { throw Self.tooLong(byteLimit) }
        }
        bytes.append(text: "}")
    }

    static func tooLong(_ limit: Int) -> TemplateError { .limit("the text passes the limit of \(limit) bytes") }

    /// Python prints no integer of more than 4,300 digits.
    static func decimal(_ value: BigInteger, _ meter: WorkMeter) throws(TemplateError) -> String {
        try meter.charge(value.limbs.count * value.limbs.count >> 3)
        let text = value.text()
        guard text.utf8.count - (value.isNegative ? 1 : 0) <= 4300 else {
            throw .value("Exceeds the limit (4300 digits) for integer string conversion")
        }
        return text
    }
}
