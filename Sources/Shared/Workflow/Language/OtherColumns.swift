package import JSON

/// A column that is computed from others by a template.
package struct ExpressionColumn: Sendable, Hashable {
    package enum DataType: String, Sendable, Hashable, CaseIterable {
        case string = "str"
        case integer = "int"
        case number = "float"
        case boolean = "bool"
    }

    package let expression: TemplateText
    package let dataType: DataType
}

/// A column that checks others.
package struct ValidationColumn: Sendable, Hashable {
    package enum Validator: Sendable, Hashable {
        case code(language: String)
        case remote(RemoteValidator)
        /// A Python function, of which a file holds only the name.
        case localCallable(function: String, outputSchema: JSONObject?)

        package var typeName: String {
            switch self {
            case .code: "code"
            case .remote: "remote"
            case .localCallable: "local_callable"
            }
        }
    }

    package struct RemoteValidator: Sendable, Hashable {
        package let endpointURL: String
        package let outputSchema: JSONObject?
        package let timeoutSeconds: Double
        package let maximumRetries: Int
        package let retryBackoff: Double
        package let maximumParallelRequests: Int
    }

    package let targets: [String]
    package let validator: Validator
    /// Records of one call, at least 1.
    package let batchSize: Int
}

package struct EmbeddingColumn: Sendable, Hashable {
    package let target: String
    package let modelAlias: String
}

package struct ImageColumn: Sendable, Hashable {
    package let prompt: TemplateText
    package let modelAlias: String
    package let context: [MediaContext]
}

/// A column that an endpoint makes from rows: one of the workers' own, known by its provider's name.
package struct HTTPColumn: Sendable, Hashable {
    package let provider: String
    /// The columns whose values are sent.
    package let required: [String]
    /// Columns that the endpoint writes besides this one.
    package let sideEffects: [String]
    /// Sent with every request.
    package let parameters: JSONObject?
    /// Rows of one request, at least 1.
    package let batchSize: Int
    package let timeoutSeconds: Double
    /// Requests at a time in the cluster.
    package let maximumParallelRequests: Int
}

/// A column made by a Python function, of which a file holds only the name.
package struct CustomColumn: Sendable, Hashable {
    package let function: String
    /// `cell_by_cell` or `full_column`.
    package let strategy: String
    package let parameters: JSONObject?
}
