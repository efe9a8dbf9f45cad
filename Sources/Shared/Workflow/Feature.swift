/// A part of the language that an engine may or may not run.
package enum Feature: Sendable, Hashable {
    case columnType(ColumnType)
    case sampler(SamplerType)
    case personLocale(String)
    case validator(String)
    case processor(String)
    case seed(String)
    case media(MediaContext.Modality)
    case conditions, constraints, skip, sideEffects, tools, parquetSeed, sampledInference

    /// Every part that is told apart, by its place in the file; locales aside, of which there are many.
    package static let all: [Feature] =
        ColumnType.allCases.map { .columnType($0) } + SamplerType.allCases.map { .sampler($0) }
        + ["code", "remote", "local_callable"].map { .validator($0) }
        + ["drop_columns", "schema_transform"].map { .processor($0) }
        + ["local", "hf", "directory", "file_contents", "agent_rollout"].map { .seed($0) }
        + MediaContext.Modality.allCases.map { .media($0) }
        + [.conditions, .constraints, .skip, .sideEffects, .tools, .parquetSeed, .sampledInference]

    /// Whether an engine runs it.
    package func isRun(by capabilities: Capabilities) -> Bool {
        switch self {
        // A file does not list the columns of its seed: with a seed that is run, they are.
        case .columnType(.seed): !capabilities.seedTypes.isEmpty
        case .columnType(let type): capabilities.columnTypes.contains(type)
        case .sampler(let type): capabilities.samplers.contains(type)
        case .personLocale(let locale): capabilities.personLocales.contains(locale)
        case .validator(let type): capabilities.validators.contains(type)
        case .processor(let type): capabilities.processors.contains(type)
        case .seed(let type): capabilities.seedTypes.contains(type)
        case .media(let modality): capabilities.mediaModalities.contains(modality)
        case .conditions: capabilities.allowsConditions
        case .constraints: capabilities.allowsConstraints
        case .skip: capabilities.allowsSkip
        case .sideEffects: capabilities.allowsSideEffects
        case .tools: capabilities.allowsTools
        case .parquetSeed: capabilities.allowsParquetSeeds
        case .sampledInference: capabilities.allowsSampledInference
        }
    }

    /// As the file writes it.
    package var text: String {
        switch self {
        case .columnType(let type): "column_type: \(type.rawValue)"
        case .sampler(let type): "sampler_type: \(type.rawValue)"
        case .personLocale(let locale): "locale: \(locale)"
        case .validator(let type): "validator_type: \(type)"
        case .processor(let type): "processor_type: \(type)"
        case .seed(let type): "seed_type: \(type)"
        case .media(let modality): "modality: \(modality.rawValue)"
        case .conditions: "conditional_params"
        case .constraints: "constraints"
        case .skip: "skip"
        case .sideEffects: "with_trace, extract_reasoning_content"
        case .tools: "tool_alias"
        case .parquetSeed: "path: x.parquet of a local seed"
        case .sampledInference: "a distribution as temperature or top_p"
        }
    }

    /// What it is, as the rest of a sentence that begins with "is".
    var noun: String {
        switch self {
        case .columnType(let type): type.rawValue
        case .sampler(let type): "the sampler \(type.rawValue)"
        case .personLocale(let locale): "a person of locale \(locale)"
        case .validator(let type): "the validator \(type)"
        case .processor(let type): "a \(type) processor"
        case .seed(let type): "a seed of type \(type)"
        case .media(let modality): "\(modality.rawValue) beside the prompt"
        case .conditions: "conditional"
        case .constraints: "a constraint on a sampler"
        case .skip: "a skip rule"
        case .sideEffects: "a column beside the answer"
        case .tools: "the use of MCP tools"
        case .parquetSeed: "a Parquet file"
        case .sampledInference: "a distribution"
        }
    }

    /// What can stand in for it: a sentence.
    package func replacement(in capabilities: Capabilities) -> String {
        switch self {
        case .columnType(let type): Self.replacement(of: type)
        case .sampler(.person): "Use person_from_faker: the managed data sets are not distributed with Tessera"
        case .sampler:
            "It draws: " + SamplerType.allCases.filter(capabilities.samplers.contains).map(\.rawValue).commaSeparated
        case .personLocale: "It has names for: \(capabilities.personLocales.commaSeparated)"
        case .validator("local_callable"):
            "A Python function is not in the file: serve it over HTTP, and name it with validator_type: remote"
        case .validator: "Check the values after the export"
        case .processor("drop_columns"): "Set drop: true on the columns"
        case .processor: "Reshape the records after the export"
        case .seed("hf"): "Download the data set, and name its file with seed_type: local"
        case .seed("agent_rollout"):
            "Write the traces to a JSONL file with one object a row, and name it with seed_type: local"
        case .seed: "Write its values into a category sampler"
        case .media(.image): "Describe the image in a column of text"
        case .media(.audio): "Transcribe the audio into a column of text"
        case .media(.video): "Describe the video in a column of text"
        case .conditions: "Use a column for each case, and an expression to choose"
        case .constraints: "Use the sampler's own bounds"
        case .skip: "Use an expression column to choose between values"
        case .sideEffects: "Leave it out"
        case .tools: "Put what the tools would find into a column, and that into the prompt"
        case .parquetSeed:
            "Convert it once: python3 -c \"import pandas; pandas.read_parquet('x.parquet')"
                + ".to_json('x.jsonl', orient='records', lines=True, date_format='iso')\""
        case .sampledInference: "Give one number"
        }
    }

    private static func replacement(of type: ColumnType) -> String {
        switch type {
        case .code, .structured, .judge:
            "Use an llm-text column, and say in its prompt what the answer must look like"
        case .custom:
            "A Python function is not in the file: serve it over HTTP, and use column_type: http with provider, "
                + "required_columns and side_effect_columns"
        case .http: "Use an expression, or add the column after the export"
        case .validation: "Check the values after the export"
        case .embedding: "Embed the values after the export"
        case .image: "Make the images after the export"
        case .seed: "Write its values into a category sampler"
        case .sampler, .text, .expression: "Leave it out"
        }
    }
}

extension Sequence<String> {
    var commaSeparated: String { joined(separator: ", ") }
}

extension SeedConfig {
    /// Whether an engine reads its source.
    package func isRun(by capabilities: Capabilities) -> Bool {
        guard Feature.seed(source.typeName).isRun(by: capabilities) else { return false }
        if case .local(let path) = source, path.hasSuffix(".parquet") { return capabilities.allowsParquetSeeds }
        return true
    }
}
