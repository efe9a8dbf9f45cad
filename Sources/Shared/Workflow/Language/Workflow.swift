/// A workflow that was read and found valid: the language of Data Designer 0.9.6, typed.
package struct Workflow: Sendable, Hashable {
    /// In file order; columns of the seed data set that are known stand first.
    package let columns: [Column]
    package let models: [ModelConfig]
    /// Whether the file named no model, so that `models` are the built-in ones.
    package let usesBuiltInModels: Bool
    package let tools: [ToolConfig]
    package let seed: SeedConfig?
    package let constraints: [Constraint]
    package let profilers: [JudgeProfiler]
    package let processors: [ProcessorConfig]
    /// The version of the library that wrote the file; the one that Tessera follows where a person did.
    package let libraryVersion: String
    package let graph: ColumnGraph

    /// The version of Data Designer whose language this is.
    package static let languageVersion = "0.9.6"

    /// The model of an alias.
    package func model(_ alias: String) -> ModelConfig? { models.first { $0.alias == alias } }

    /// The place of a column in `columns`.
    package func columnIndex(_ name: String) -> Int? { columns.firstIndex { $0.name == name } }
}
