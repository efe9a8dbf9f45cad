/// The attributes of Python's built-in types that templates can reach.
enum MethodTable {
    /// The attribute `name` of a value, nil if its type has none.
    static func attribute(_ name: String, of value: Value, _ evaluator: Evaluator) throws(TemplateError) -> Value? {
        switch value {
        case .string(let text), .markup(let text):
            guard let method = StringMethods.table[name] ?? (value.isMarkup ? StringMethods.markupTable[name] : nil)
            else { return nil }
            // The sandbox puts a function of its own before these two.
            let shown = name == "format" || name == "format_map" ? "\(value.typeName).\(name)" : nil
            return .object(
                MethodObject(name, of: value, shownAs: shown) {
                    [isMarkup = value.isMarkup] arguments, evaluator throws(TemplateError) in
                    try evaluator.meter.chargeWalk(bytes: text.utf8.count)
                    return try method(StringCall(text, isMarkup, arguments, evaluator, name))
                })
        case .list(let list), .tuple(let list):
            if let place = list.fieldNames.firstIndex(of: name) { return list[place] }
            guard let method = ListMethods.method(name, isTuple: value.isTuple) else { return nil }
            return bound(name, value) { arguments, evaluator throws(TemplateError) in
                try method(list, arguments, evaluator)
            }
        case .dictionary(let dictionary):
            guard let method = DictionaryMethods.table[name] else { return nil }
            return bound(name, value) { arguments, evaluator throws(TemplateError) in
                try method(dictionary, arguments, evaluator)
            }
        case .integer, .bigInteger, .bool, .float: return try NumberMethods.attribute(name, of: value)
        case .bytes(let bytes): return BytesMethods.attribute(name, of: bytes)
        case .object(let object): return try object.attribute(name, evaluator)
        case .none, .undefined: return nil
        }
    }

    static func bound(_ name: String, _ receiver: Value, _ function: @escaping MethodObject.Function) -> Value {
        .object(MethodObject(name, of: receiver, function))
    }
}

extension Value {
    var isTuple: Bool { if case .tuple = self { true } else { false } }
}
