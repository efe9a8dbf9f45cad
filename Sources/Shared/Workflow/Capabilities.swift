/// What the engine runs today, of the language that this module reads. The one list of its limits: loading a workflow
/// refuses the rest (`Feature`), and docs/compatibility.md is written from it: type `make docs` after a change.
package struct Capabilities: Sendable {
    package var columnTypes: Set<ColumnType>
    package var samplers: Set<SamplerType>
    /// The locales of made-up persons.
    package var personLocales: [String]
    /// The values of `validator_type`.
    package var validators: Set<String>
    /// The values of `processor_type`.
    package var processors: Set<String>
    /// The values of `seed_type`.
    package var seedTypes: Set<String>
    /// What may be sent to a model beside the prompt.
    package var mediaModalities: Set<MediaContext.Modality>
    package var allowsConditions: Bool
    package var allowsConstraints: Bool
    package var allowsSkip: Bool
    package var allowsSideEffects: Bool
    package var allowsTools: Bool
    package var allowsParquetSeeds: Bool
    package var allowsSampledInference: Bool
    /// How long one call may take: as long as a worker holds its task. Nil where that is not known.
    package var longestCall: Duration?

    package static let current = Capabilities(
        columnTypes: [
            .sampler, .text, .code, .structured, .judge, .embedding, .image, .validation, .http, .expression,
        ],
        samplers: Set(SamplerType.allCases).subtracting([.person]),
        personLocales: ["en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT"],
        validators: ["code", "remote"],
        processors: ["drop_columns", "schema_transform"],
        seedTypes: ["local", "directory", "file_contents"],
        mediaModalities: [.image, .audio, .video],
        allowsConditions: true, allowsConstraints: true, allowsSkip: true, allowsSideEffects: true,
        allowsTools: false, allowsParquetSeeds: false, allowsSampledInference: true)

    /// Of a cluster whose workers hold a delivery for so long (`hold_seconds`).
    package static func current(holding hold: Duration) -> Capabilities {
        var capabilities = current
        capabilities.longestCall = hold
        return capabilities
    }

    /// Of `preview` and `plan`, which call no model: all columns that models write pass, since they are only named.
    package static var withoutModels: Capabilities {
        var capabilities = current
        capabilities.columnTypes = Set(ColumnType.allCases)
        capabilities.validators = ["code", "remote", "local_callable"]
        capabilities.mediaModalities = Set(MediaContext.Modality.allCases)
        capabilities.allowsSideEffects = true
        capabilities.allowsTools = true
        capabilities.allowsSampledInference = true
        return capabilities
    }
}
