import JSON

extension Column {
    var json: JSONObject {
        var json: JSONObject = [
            "name": .string(name),
            "drop": .bool(isDropped),
            "column_type": .string(typeName),
            "skip": skip.map { ["when": .string($0.when.text), "value": $0.value] } ?? .null,
            "propagate_skip": .bool(propagatesSkip),
        ]
        for (key, value) in kind.json { json[key] = value }
        return json
    }
}

extension Column.Kind {
    fileprivate var json: JSONObject {
        switch self {
        case .sampler(let column): column.json
        case .seed: [:]
        case .generated(let column): column.json
        case .expression(let column):
            ["expr": .string(column.expression.text), "dtype": .string(column.dataType.rawValue)]
        case .validation(let column):
            [
                "target_columns": .texts(column.targets),
                "validator_type": .string(column.validator.typeName),
                "validator_params": .object(column.validator.json),
                "batch_size": .integer(column.batchSize),
            ]
        case .embedding(let column):
            ["target_column": .string(column.target), "model_alias": .string(column.modelAlias)]
        case .image(let column):
            [
                "prompt": .string(column.prompt.text),
                "model_alias": .string(column.modelAlias),
                "multi_modal_context": column.context.json,
            ]
        case .http(let column):
            [
                "provider": .string(column.provider),
                "required_columns": .texts(column.required),
                "side_effect_columns": .texts(column.sideEffects),
                "params": .optional(column.parameters),
                "batch_size": .integer(column.batchSize),
                "timeout": .number(column.timeoutSeconds),
                "max_parallel_requests": .integer(column.maximumParallelRequests),
            ]
        case .custom(let column):
            [
                "generator_function": .string(column.function),
                "generation_strategy": .string(column.strategy),
                "generator_params": .optional(column.parameters),
            ]
        }
    }
}

extension GeneratedColumn {
    fileprivate var json: JSONObject {
        var json: JSONObject = [
            "prompt": .string(prompt.text),
            "model_alias": .string(modelAlias),
            "system_prompt": .optional(systemPrompt?.text),
            "multi_modal_context": context.json,
            "tool_alias": .optional(toolAlias),
            "with_trace": .string(trace.rawValue),
            "extract_reasoning_content": .bool(extractsReasoning),
        ]
        switch output {
        case .text: break
        case .code(let language): json["code_lang"] = .string(language)
        case .structured(let schema): json["output_format"] = .object(schema)
        case .judge(let scores):
            json["scores"] = .array(
                scores.map { score in
                    [
                        "name": .string(score.name),
                        "description": .string(score.description),
                        "options": .object(JSONObject(score.options.map { ($0.value, .string($0.meaning)) })),
                    ]
                })
        }
        return json
    }
}

extension [MediaContext] {
    fileprivate var json: JSONValue {
        guard !isEmpty else { return .null }
        return .array(
            map { item in
                [
                    "modality": .string(item.modality.rawValue),
                    "column_name": .string(item.column),
                    "data_type": .optional(item.dataType?.rawValue),
                    "\(item.modality.rawValue)_format": .optional(item.format),
                ]
            })
    }
}

extension ValidationColumn.Validator {
    fileprivate var json: JSONObject {
        var json: JSONObject = ["validator_type": .string(typeName)]
        switch self {
        case .code(let language): json["code_lang"] = .string(language)
        case .localCallable(let function, let schema):
            json["validation_function"] = .string(function)
            json["output_schema"] = .optional(schema)
        case .remote(let remote):
            json["endpoint_url"] = .string(remote.endpointURL)
            json["output_schema"] = .optional(remote.outputSchema)
            json["timeout"] = .number(remote.timeoutSeconds)
            json["max_retries"] = .integer(remote.maximumRetries)
            json["retry_backoff"] = .number(remote.retryBackoff)
            json["max_parallel_requests"] = .integer(remote.maximumParallelRequests)
        }
        return json
    }
}

extension SamplerColumn {
    fileprivate var json: JSONObject {
        [
            "sampler_type": .string(type.rawValue),
            "params": .object(parameters.json),
            "conditional_params": .object(JSONObject(conditions.map { ($0.text, .object($0.parameters.json)) })),
            "convert_to": .optional(conversion),
        ]
    }
}

extension SamplerParameters {
    fileprivate var json: JSONObject {
        var json = fields
        json["sampler_type"] = .string(type.rawValue)
        return json
    }

    private var fields: JSONObject {
        switch self {
        case .category(let values, let weights):
            ["values": .array(values), "weights": weights.map { .numbers($0) } ?? .null]
        case .subcategory(let parent, let choices):
            [
                "category": .string(parent),
                "values": .object(JSONObject(choices.map { ($0.parentValue, .array($0.values)) })),
            ]
        case .uniform(let low, let high, let places):
            ["low": .number(low), "high": .number(high), "decimal_places": .optional(places)]
        case .gaussian(let mean, let deviation, let places):
            ["mean": .number(mean), "stddev": .number(deviation), "decimal_places": .optional(places)]
        case .bernoulli(let p): ["p": .number(p)]
        case .bernoulliMixture(let p, let distribution):
            [
                "p": .number(p), "dist_name": .string(distribution.name),
                "dist_params": .object(distribution.arguments),
            ]
        case .binomial(let n, let p): ["n": .integer(n), "p": .number(p)]
        case .poisson(let mean): ["mean": .number(mean)]
        case .scipy(let distribution, let places):
            [
                "dist_name": .string(distribution.name), "dist_params": .object(distribution.arguments),
                "decimal_places": .optional(places),
            ]
        case .datetime(let datetime):
            [
                "start": .string(datetime.start), "end": .string(datetime.end),
                "unit": .string(datetime.unit.rawValue),
            ]
        case .timedelta(let delta):
            [
                "dt_min": .integer(delta.minimum), "dt_max": .integer(delta.maximum),
                "reference_column_name": .string(delta.referenceColumn), "unit": .string(delta.unit.rawValue),
            ]
        case .uuid(let prefix, let isShort, let isUppercase):
            ["prefix": .optional(prefix), "short_form": .bool(isShort), "uppercase": .bool(isUppercase)]
        case .person(let person): person.fields(isManaged: true)
        case .personFromFaker(let person): person.fields(isManaged: false)
        }
    }
}

extension SamplerParameters.PersonParameters {
    fileprivate func fields(isManaged: Bool) -> JSONObject {
        var json: JSONObject = [
            "locale": .string(locale),
            "sex": .optional(sex),
            "city": city,
            "age_range": [.integer(ageRange.lowerBound), .integer(ageRange.upperBound)],
        ]
        if isManaged {
            json["select_field_values"] = .optional(fieldValues)
            json["with_synthetic_personas"] = .bool(hasPersonas)
        }
        return json
    }
}
