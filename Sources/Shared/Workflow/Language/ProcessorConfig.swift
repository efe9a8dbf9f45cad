package import JSON

/// What happens to the finished records of a row group.
package struct ProcessorConfig: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// Names, or patterns with `*`.
        case dropColumns([String])
        /// Templates inside a JSON object; `text` is the whole as one template.
        case schemaTransform(template: JSONObject, text: TemplateText)

        /// The file's `processor_type`.
        package var typeName: String {
            switch self {
            case .dropColumns: "drop_columns"
            case .schemaTransform: "schema_transform"
            }
        }
    }

    package let name: String
    package let kind: Kind
}
