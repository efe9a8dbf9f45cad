import JSON
import JSONSchema
import Testing

/// A schema with values that match it and values that do not, as JSON texts.
struct SchemaCase: CustomTestStringConvertible {
    let schema: String
    let valid: [String]
    let invalid: [String]

    init(_ schema: String, valid: [String] = [], invalid: [String] = []) {
        self.schema = schema
        self.valid = valid
        self.invalid = invalid
    }

    var testDescription: String { schema }
}

func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text) }

/// What a pruning schema leaves of a value; nil when it does not match.
func pruned(_ value: String, by schema: String) throws -> String? {
    let schema = try JSONSchema(json(schema), options: .pruning)
    var value = try json(value)
    return schema.accept(&value) == nil ? value.serialized(.pythonUnicode) : nil
}
