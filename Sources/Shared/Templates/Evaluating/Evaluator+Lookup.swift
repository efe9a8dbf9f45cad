extension Evaluator {
    /// `object.name`: an attribute first, then an element.
    func attribute(_ name: String, of object: Value) throws(TemplateError) -> Value {
        if isJSON, case .dictionary(let dictionary) = object, let value = dictionary[name] { return value }
        if let found = try ownAttribute(name, of: object) { return found }
        if let value = try element(.string(name), of: object) { return value }
        return undefined(.string(name), of: object)
    }

    /// `object[key]`: an element first, then an attribute.
    func item(_ key: Value, of object: Value) throws(TemplateError) -> Value {
        if let value = try element(key, of: object) { return value }
        if let name = key.text, let found = try ownAttribute(name, of: object) { return found }
        return undefined(key, of: object)
    }

    /// An attribute without regard to elements: nil if there is none, undefined if the sandbox refuses it.
    func ownAttribute(_ name: String, of object: Value) throws(TemplateError) -> Value? {
        let isHidden = name.utf8.first == UInt8(ascii: "_")
        if case .undefined(let undefined) = object, !(isHidden && PythonAttributes.isDunder(name)) {
            throw undefined.error
        }
        if isHidden {
            return PythonAttributes.isInternal(name, of: object)
                ? unsafe(name, of: object) : try hiddenAttribute(name, of: object)
        }
        if PythonAttributes.isRefused(name, of: object) { return unsafe(name, of: object) }
        return try MethodTable.attribute(name, of: object, self)
    }

    private func hiddenAttribute(_ name: String, of object: Value) throws(TemplateError) -> Value? {
        guard case .object(let object) = object, try object.attribute(name, self) != nil else { return nil }
        return unsafe(name, of: .object(object))
    }

    private func unsafe(_ name: String, of object: Value) -> Value {
        let type = object.typeName
        return .undefined(
            Undefined(isStrict: undefinedBehavior == .strict, isUnsafe: true) {
                "access to attribute \(PythonRepr.text(name)) of '\(type)' object is unsafe."
            })
    }

    /// Nil where Python raises a lookup or type error.
    private func element(_ key: Value, of object: Value) throws(TemplateError) -> Value? {
        switch object {
        case .undefined(let undefined): throw undefined.error
        case .dictionary(let dictionary):
            do throws(TemplateError) {
                return try dictionary.value(of: key, meter)
            } catch {
                if error.exception == .typeError { return nil }
                throw error
            }
        case .list(let list), .tuple(let list):
            return place(key, list.count).map { list[$0] }
        case .string(let text): return try character(text, key).map(Value.string)
        case .markup(let text): return try character(text, key).map(Value.markup)
        case .bytes(let bytes): return place(key, bytes.count).map { .integer(Int(bytes[$0])) }
        case .object(let range as RangeObject): return key.index == nil ? nil : try range.item(key)
        default: return nil
        }
    }

    private func place(_ key: Value, _ count: Int) -> Int? {
        guard let index = key.index else { return nil }
        let place = index < 0 ? index + count : index
        return (0..<count).contains(place) ? place : nil
    }

    private func character(_ text: String, _ key: Value) throws(TemplateError) -> String? {
        try meter.charge(text.utf8.count >> 5)
        let count = PythonStrings.length(text)
        guard let index = key.index, let place = place(.integer(index), count) else { return nil }
        if count == text.utf8.count {
            return String(decoding: [text.utf8[text.utf8.index(text.utf8.startIndex, offsetBy: place)]], as: UTF8.self)
        }
        let scalars = text.unicodeScalars
        return String(scalars[scalars.index(scalars.startIndex, offsetBy: place)])
    }

    // MARK: Slices

    func slice(_ object: Value, _ start: Value?, _ stop: Value?, _ step: Value?) throws(TemplateError) -> Value {
        func places(_ count: Int) throws(TemplateError) -> SlicePlaces {
            try SlicePlaces(try bound(start), try bound(stop), try bound(step), count: count)
        }
        switch object {
        case .string(let text): return .string(try slice(text, places))
        case .markup(let text): return .markup(try slice(text, places))
        case .list(let list): return try .makeList(try places(list.count).map { list[$0] })
        case .tuple(let list): return try .makeTuple(try places(list.count).map { list[$0] })
        case .bytes(let bytes): return .bytes(try places(bytes.count).map { bytes[$0] })
        case .object(let range as RangeObject):
            let places = try places(range.count)
            let start = range.start + places.start * range.step
            let step = places.step * range.step
            return .object(try RangeObject(start: start, stop: start + places.count * step, step: step))
        case .undefined(let undefined): throw undefined.error
        case .dictionary: throw .type("unhashable type: 'slice'")
        default: throw .type("'\(object.typeName)' object is not subscriptable")
        }
    }

    private func slice(
        _ text: String, _ places: (Int) throws(TemplateError) -> SlicePlaces
    ) throws(TemplateError) -> String {
        let count = PythonStrings.length(text)
        if count == text.utf8.count {
            try meter.charge(count >> 5)
            let (places, bytes) = (try places(count), Array(text.utf8))
            if places.step == 1 {
                return String(decoding: bytes[places.start..<(places.start + places.count)], as: UTF8.self)
            }
            return String(decoding: places.map { bytes[$0] }, as: UTF8.self)
        }
        try meter.chargeWalk(bytes: text.utf8.count)
        let scalars = Array(text.unicodeScalars)
        return PythonStrings.string(try places(scalars.count).map { scalars[$0] })
    }

    private func bound(_ value: Value?) throws(TemplateError) -> Int? {
        guard let value else { return nil }
        if case .bigInteger(let big) = value { return big.isNegative ? .min / 2 : .max / 2 }
        guard let index = value.index else {
            throw .type("slice indices must be integers or None or have an __index__ method")
        }
        return max(.min / 2, min(.max / 2, index))
    }

    // MARK: Iteration

    /// An iterator over a value's elements. Throws a type error when it has none.
    func iterator(_ value: Value) throws(TemplateError) -> ValueIterator {
        guard let iterator = try iterator(ifIterable: value) else {
            throw .type("'\(value.typeName)' object is not iterable")
        }
        return iterator
    }

    func iterator(ifIterable value: Value) throws(TemplateError) -> ValueIterator? {
        switch value {
        case .list(let list), .tuple(let list): return IndexedIterator(count: list.count) { list[$0] }
        case .dictionary(let dictionary): return IndexedIterator(count: dictionary.count, element: dictionary.key(at:))
        case .string(let text):
            try meter.chargeWalk(bytes: text.utf8.count)
            let scalars = Array(text.unicodeScalars)
            return IndexedIterator(count: scalars.count) { .string(String(scalars[$0])) }
        case .markup(let text):
            try meter.chargeWalk(bytes: text.utf8.count)
            let scalars = Array(text.unicodeScalars)
            return IndexedIterator(count: scalars.count) { .string(String(scalars[$0])) }
        case .bytes(let bytes): return IndexedIterator(count: bytes.count) { .integer(Int(bytes[$0])) }
        case .object(let object): return try object.makeIterator()
        case .undefined(let undefined):
            if undefined.isStrict { throw undefined.error }
            return ValueIterator()
        default: return nil
        }
    }

    /// All of a value's elements.
    func elements(_ value: Value) throws(TemplateError) -> [Value] {
        switch value {
        case .list(let list), .tuple(let list):
            try meter.charge(list.count >> 2)
            return list.values
        default: break
        }
        let iterator = try iterator(value)
        var elements: [Value] = []
        while let element = try iterator.next() {
            try step()
            elements.append(element)
            try checkCount(elements.count)
        }
        return elements
    }

    /// Python's `len(value)`.
    func length(_ value: Value) throws(TemplateError) -> Int {
        switch value {
        case .string(let text), .markup(let text):
            try meter.charge(text.utf8.count >> 6)
            return PythonStrings.length(text)
        case .bytes(let bytes): return bytes.count
        case .list(let list), .tuple(let list): return list.count
        case .dictionary(let dictionary): return dictionary.count
        case .undefined(let undefined):
            if undefined.isStrict { throw undefined.error }
            return 0
        case .object(let object): if let length = try object.length() { return length }
        default: break
        }
        throw .type("object of type '\(value.typeName)' has no len()")
    }
}
