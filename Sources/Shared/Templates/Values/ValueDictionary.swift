import JSON

/// The members of a dictionary, which never change. A JSON object's members are converted when they are read.
final class ValueDictionary {
    private enum Storage {
        case json(JSONObject)
        case table(DictionaryTable)
    }

    private let storage: Storage
    let depth: Int

    init(_ object: JSONObject) {
        storage = .json(object)
        depth = 1
    }

    init(checked table: DictionaryTable) throws(TemplateError) {
        var depth = 0
        for value in table.values { depth = max(depth, value.depth) }
        guard depth < Value.nestingLimit else { throw .recursion("values are nested too deeply") }
        storage = .table(table)
        self.depth = depth + 1
    }

    var count: Int {
        switch storage {
        case .json(let object): object.count
        case .table(let table): table.keys.count
        }
    }

    /// The value of a string key, or nil.
    subscript(key: String) -> Value? {
        switch storage {
        case .json(let object): object[key].map(Value.init)
        case .table(let table): table[.string(ExactString(key))]
        }
    }

    /// The value of any key, or nil. Throws a type error for a key that cannot be one.
    func value(of key: Value, _ meter: WorkMeter) throws(TemplateError) -> Value? {
        if let text = key.text { return self[text] }
        let hashKey = try HashKey(key, meter)
        if case .table(let table) = storage { return table[hashKey] }
        return nil
    }

    func key(at place: Int) -> Value {
        switch storage {
        case .json(let object): .string(object[place].key)
        case .table(let table): table.keys[place]
        }
    }

    func value(at place: Int) -> Value {
        switch storage {
        case .json(let object): Value(object[place].value)
        case .table(let table): table.values[place]
        }
    }

    var keys: [Value] { (0..<count).map(key(at:)) }

    var values: [Value] { (0..<count).map(value(at:)) }

    /// Key and value of each member as a pair.
    func item(at place: Int) -> Value {
        let values = [key(at: place), value(at: place)]
        return .tuple(ValueList(values: values, depth: 1 + values[1].depth))
    }

    /// A table with the same members.
    var table: DictionaryTable {
        if case .table(let table) = storage { return table }
        var table = DictionaryTable()
        for place in 0..<count {
            if case .string(let key) = key(at: place) {
                table.set(key, value(at: place))
            }
        }
        return table
    }

    /// The JSON that this dictionary was made of, if it was.
    var json: JSONObject? { if case .json(let object) = storage { object } else { nil } }
}
