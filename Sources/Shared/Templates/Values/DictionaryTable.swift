import JSON

/// Members of a dictionary with keys of any hashable kind, in the order in which the keys first came.
struct DictionaryTable {
    private(set) var keys: [Value] = []
    private(set) var values: [Value] = []
    private var places: [HashKey: Int] = [:]

    subscript(key: HashKey) -> Value? { places[key].map { values[$0] } }

    /// A key that is there already keeps its place and its first form.
    mutating func set(_ hashKey: HashKey, key: Value, value: Value) {
        if let place = places[hashKey] {
            values[place] = value
        } else {
            places[hashKey] = keys.count
            keys.append(key)
            values.append(value)
        }
    }

    mutating func set(_ name: String, _ value: Value) {
        set(.string(ExactString(name)), key: .string(name), value: value)
    }

    mutating func set(_ key: Value, _ value: Value, _ meter: WorkMeter) throws(TemplateError) {
        set(try HashKey(key, meter), key: key, value: value)
    }
}
