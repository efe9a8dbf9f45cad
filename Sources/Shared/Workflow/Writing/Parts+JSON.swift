import JSON

extension ModelConfig {
    var json: JSONObject {
        [
            "alias": .string(alias),
            "model": .string(model),
            "inference_parameters": .object(inference.json),
            "provider": .string(provider),
            "skip_health_check": .bool(skipsHealthCheck),
        ]
    }

    /// The part that decides the data.
    var identity: JSONObject {
        var json = json
        json["skip_health_check"] = nil
        var inference = inference.json
        inference["max_parallel_requests"] = nil
        inference["timeout"] = nil
        json["inference_parameters"] = .object(inference)
        return json
    }
}

extension InferenceParameters {
    fileprivate var json: JSONObject {
        var json: JSONObject = [
            "generation_type": .string(kind.typeName),
            "max_parallel_requests": .integer(maximumParallelRequests),
            "timeout": .optional(timeoutSeconds),
            "extra_body": .optional(extraBody),
        ]
        switch kind {
        case .chat(let temperature, let topP, let maximumTokens):
            json["temperature"] = temperature?.json ?? .null
            json["top_p"] = topP?.json ?? .null
            json["max_tokens"] = .optional(maximumTokens)
        case .embedding(let format, let dimensions):
            json["encoding_format"] = .string(format)
            json["dimensions"] = .optional(dimensions)
        case .image: break
        }
        return json
    }
}

extension SampledNumber {
    fileprivate var json: JSONValue {
        switch self {
        case .fixed(let value): .number(value)
        case .uniform(let low, let high):
            ["distribution_type": "uniform", "params": ["low": .number(low), "high": .number(high)]]
        case .manual(let values, let weights):
            [
                "distribution_type": "manual",
                "params": ["values": .numbers(values), "weights": weights.map { .numbers($0) } ?? .null],
            ]
        }
    }
}

extension ToolConfig {
    var json: JSONObject {
        [
            "tool_alias": .string(alias),
            "providers": .texts(providers),
            "allow_tools": allowedTools.map { .texts($0) } ?? .null,
            "max_tool_call_turns": .integer(maximumTurns),
            "timeout_sec": .optional(timeoutSeconds),
        ]
    }

    /// The part that decides the data.
    var identity: JSONObject {
        var json = json
        json["timeout_sec"] = nil
        if allowedTools?.isEmpty != false { json["allow_tools"] = nil }
        return json
    }
}

extension SeedConfig {
    var json: JSONObject {
        [
            "source": .object(source.json),
            "sampling_strategy": .string(isShuffled ? "shuffle" : "ordered"),
            "selection_strategy": selectionJSON,
        ]
    }

    /// The part that decides the data.
    var identity: JSONObject {
        var json = json
        if case .huggingFace = source {
            var source = source.json
            source["token"] = nil
            source["endpoint"] = nil
            json["source"] = .object(source)
        }
        return json
    }

    private var selectionJSON: JSONValue {
        switch selection {
        case .range(let range): ["start": .integer(range.lowerBound), "end": .integer(range.upperBound)]
        case .partition(let index, let count): ["index": .integer(index), "num_partitions": .integer(count)]
        case nil: .null
        }
    }
}

extension SeedConfig.Source {
    fileprivate var json: JSONObject {
        var json: JSONObject = ["seed_type": .string(typeName)]
        func write(_ files: SeedConfig.FileSelection) {
            json["path"] = .string(files.path)
            json["file_pattern"] = .string(files.pattern)
            json["recursive"] = .bool(files.isRecursive)
        }
        switch self {
        case .local(let path): json["path"] = .string(path)
        case .huggingFace(let path, let token, let endpoint):
            json["path"] = .string(path)
            json["token"] = .optional(token)
            json["endpoint"] = .string(endpoint)
        case .directory(let files): write(files)
        case .fileContents(let files, let encoding):
            write(files)
            json["encoding"] = .string(encoding)
        case .agentRollout(let format, let path, let pattern, let isRecursive):
            json["path"] = .optional(path)
            json["file_pattern"] = .optional(pattern)
            json["recursive"] = .bool(isRecursive)
            json["format"] = .string(format)
        }
        return json
    }
}

extension Constraint {
    var json: JSONObject {
        let (type, rhs): (String, JSONValue) =
            switch bound {
            case .scalar(let value): ("scalar_inequality", .number(value))
            case .column(let name): ("column_inequality", .string(name))
            }
        return [
            "target_column": .string(target),
            "constraint_type": .string(type),
            "rhs": rhs,
            "operator": .string(comparison.rawValue),
        ]
    }
}

extension JudgeProfiler {
    var json: JSONObject {
        ["model_alias": .string(modelAlias), "summary_score_sample_size": .optional(sampleSize)]
    }
}

extension ProcessorConfig {
    var json: JSONObject {
        var json: JSONObject = ["name": .string(name), "processor_type": .string(kind.typeName)]
        switch kind {
        case .dropColumns(let names): json["column_names"] = .texts(names)
        case .schemaTransform(let template, _): json["template"] = .object(template)
        }
        return json
    }
}
