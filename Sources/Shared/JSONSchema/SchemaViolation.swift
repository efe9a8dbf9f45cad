package import JSON

/// Where a value does not match its schema.
package struct SchemaViolation: Hashable, Sendable, CustomStringConvertible {
    /// The keyword that was not met, such as `minimum`; `false` for a schema that nothing matches.
    package let keyword: String
    package let message: String
    /// The part of the schema that has the keyword.
    package let schema: JSONValue
    /// The part of the value that does not match.
    package let instance: JSONValue
    /// Names and indices that lead to it, the innermost first.
    private var reversedPath: [String] = []

    init(_ keyword: String, _ message: String, schema: JSONValue, instance: JSONValue) {
        self.keyword = keyword
        self.message = message
        self.schema = schema
        self.instance = instance
    }

    /// Where it is in the value: `$.lines[0].qty`.
    package var place: String { "$" + reversedPath.reversed().joined() }

    package var description: String { "\(place): \(message)" }

    mutating func prepend(key: String) { reversedPath.append(".\(key)") }
    mutating func prepend(index: Int) { reversedPath.append("[\(index)]") }
}
