import JSON

/// The elements of a list or tuple, which never change. JSON elements are converted when they are read.
final class ValueList {
    private enum Storage {
        case json([JSONValue])
        case values([Value])
    }

    private let storage: Storage
    let depth: Int
    /// Names by which a named tuple's elements can be reached.
    let fieldNames: [String]

    init(_ elements: [JSONValue]) {
        storage = .json(elements)
        // The parser bounds the depth of JSON; it is not worth measuring.
        depth = 1
        fieldNames = []
    }

    init(values: [Value], depth: Int, fieldNames: [String] = []) {
        storage = .values(values)
        self.depth = depth
        self.fieldNames = fieldNames
    }

    convenience init(checked values: [Value], fieldNames: [String] = []) throws(TemplateError) {
        var depth = 0
        for value in values { depth = max(depth, value.depth) }
        guard depth < Value.nestingLimit else { throw .recursion("values are nested too deeply") }
        self.init(values: values, depth: depth + 1, fieldNames: fieldNames)
    }

    var count: Int {
        switch storage {
        case .json(let elements): elements.count
        case .values(let values): values.count
        }
    }

    subscript(index: Int) -> Value {
        switch storage {
        case .json(let elements): Value(elements[index])
        case .values(let values): values[index]
        }
    }

    /// All elements.
    var values: [Value] {
        switch storage {
        case .json(let elements): elements.map(Value.init)
        case .values(let values): values
        }
    }

    /// The JSON that this list was made of, if it was.
    var json: [JSONValue]? { if case .json(let elements) = storage { elements } else { nil } }
}
