import Foundation
package import JSON
import JSONSchema

/// The schemas of docs/json, which say what `-o json` prints.
package enum OutputSchema {
    /// - Parameter name: such as `job.v1`.
    /// - Returns: what is wrong with the value, and where; nil where nothing is.
    package static func violation(of value: JSONValue, _ name: String) throws -> String? {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/json/\(name).json")
        let schema = try JSONSchema(try JSONValue(parsing: Array(try Data(contentsOf: file))))
        return schema.violation(of: value)?.description
    }
}
