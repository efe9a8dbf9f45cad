package import JSON

/// A JSON Schema of draft 2020-12, compiled once for any number of values.
///
/// All of the draft's keywords but `$vocabulary` are known; `format` and the `content...` ones are notes, as the draft
/// has it, and are never enforced. What older drafts say differently is understood where 2020-12 leaves it without
/// meaning: `items` with a list, `additionalItems`, `dependencies`, `definitions`, a boolean `exclusiveMinimum`.
/// Nothing is fetched: a reference leads into the schema, or into a document given at its side.
///
/// Work is bounded, whatever the schema and the value are: in depth, in steps, and in the steps of each pattern. Beyond
/// the bounds a value counts as not valid, and the violation says why.
package struct JSONSchema: Sendable {
    package struct Options: Hashable, Sendable {
        /// Reads what a model wrote as Data Designer does: members that no schema declares are taken out instead of
        /// being errors, and an object schema that says nothing about further members declares all there are.
        /// `SchemaClosing` has the rules.
        package var prunesUndeclared: Bool

        package init(prunesUndeclared: Bool = false) { self.prunesUndeclared = prunesUndeclared }

        /// Validation as the draft has it.
        package static let strict = Options()
        /// For answers of models.
        package static let pruning = Options(prunesUndeclared: true)
    }

    let nodes: [SchemaNode]
    let root: Int
    /// Whether any keyword asks which members and elements others looked at.
    let tracksEvaluated: Bool
    /// Nodes of dynamic anchors: by name, then by resource.
    let dynamicAnchors: [String: [Int: Int]]
    let prunes: Bool

    /// Compiles a schema.
    ///
    /// - Parameter documents: schemas by their URI that references may lead to.
    /// - Throws: `SchemaError` for a keyword of the wrong kind, a pattern that cannot be read, and a reference that
    ///   leads nowhere, each with its place.
    package init(
        _ schema: JSONValue, options: Options = .strict, documents: [String: JSONValue] = [:]
    ) throws(SchemaError) {
        var compiler = SchemaCompiler(prunes: options.prunesUndeclared)
        root = try compiler.compile(schema, documents: documents)
        nodes = compiler.nodes.compactMap(\.self)
        tracksEvaluated = compiler.tracksEvaluated
        dynamicAnchors = compiler.dynamicNodes
        prunes = options.prunesUndeclared
    }

    /// Why a value does not match; nil when it does.
    package func violation(of value: JSONValue) -> SchemaViolation? {
        var value = value
        return accept(&value)
    }

    /// Checks a value, and leaves it as the schema wants it: pruned, where the options say so, and with decimals as
    /// numbers. What does not match may have lost members already.
    package func accept(_ value: inout JSONValue) -> SchemaViolation? {
        var evaluation = SchemaEvaluation(self)
        return evaluation.check(&value)
    }
}

/// Why a schema cannot be used.
package struct SchemaError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A JSON Pointer into the schema.
    package let path: String
    package let reason: String

    package var description: String { "\(path.isEmpty ? "the schema" : path): \(reason)" }
}
