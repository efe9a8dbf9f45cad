import JSON

extension WorkflowSchema {
    static var columns: [(String, JSONObject)] {
        [("column", tagged(by: "column_type", "What makes the column's cells.", columnCases))]
            + ColumnType.allCases.map { ($0.definitionName, column($0)) }
            + [("skip", skip), ("score", score), ("media", media)]
            + ["code", "remote", "local_callable"].map { ("\($0)_validator", validator($0)) }
    }

    private static var columnCases: [(word: String, name: String)] {
        ColumnType.allCases.map { ($0.rawValue, $0.definitionName) }
    }

    private static func column(_ type: ColumnType) -> JSONObject {
        let common = [
            ("name", filledText("The column's name; templates use it.")),
            ("column_type", ["const": .string(type.rawValue)]),
            ("drop", boolean("Generated and usable by other columns, but not exported.", default: false)),
            ("skip", nullable(reference("skip"))),
            (
                "propagate_skip",
                boolean("Whether a record in which a needed column was skipped is skipped here too.", default: true)
            ),
        ]
        let (own, required) = own(type)
        var schema = object(type.articleAndName, ["name", "column_type"] + required, common + own)
        switch type {
        case .sampler:
            schema["allOf"] = .array(
                SamplerType.allCases.map { sampler in
                    let parameters = reference("\(sampler.rawValue)_params")
                    return .object(
                        when(
                            "sampler_type", is: sampler.rawValue,
                            then: [
                                "properties": [
                                    "params": .object(parameters),
                                    "conditional_params": ["additionalProperties": .object(parameters)],
                                ]
                            ]))
                })
        case .validation:
            schema["allOf"] = .array(
                ["code", "remote", "local_callable"].map { validator in
                    let parameters = reference("\(validator)_validator")
                    return .object(
                        when(
                            "validator_type", is: validator,
                            then: ["properties": ["validator_params": .object(parameters)]]))
                })
        default: break
        }
        return schema
    }

    private static func own(_ type: ColumnType) -> (properties: [(String, JSONObject)], required: [String]) {
        switch type {
        case .sampler:
            return (
                [
                    ("sampler_type", choice("What draws the values.", SamplerType.allCases.map(\.rawValue))),
                    ("params", anyObject("What the sampler draws; {} where it needs nothing.")),
                    (
                        "conditional_params",
                        nullable(
                            anyObject(
                                "Other params for records that meet a condition, an expression over samplers: "
                                    + "the last that matches wins."))
                    ),
                    ("convert_to", nullable(text("int, float or str; for dates a pattern such as %Y-%m-%d."))),
                ], ["sampler_type", "params"]
            )
        case .seed: return ([], [])
        case .text: return (generated, ["prompt", "model_alias"])
        case .code:
            let language = choice("The language of the code.", WorkflowReader.codeLanguages)
            return (generated + [("code_lang", language)], ["prompt", "model_alias", "code_lang"])
        case .structured:
            let format = anyObject("The JSON Schema that an answer must meet.")
            return (generated + [("output_format", format)], ["prompt", "model_alias", "output_format"])
        case .judge:
            let scores = list(of: reference("score"), "The questions that are judged.", ["minItems": 1])
            return (generated + [("scores", scores)], ["prompt", "model_alias", "scores"])
        case .expression:
            return (
                [
                    ("expr", template("What the cell is.")),
                    (
                        "dtype",
                        nullable(
                            choice("What the text is read as.", ["str", "int", "float", "bool"], default: "str"))
                    ),
                ], ["expr"]
            )
        case .validation:
            return (
                [
                    ("target_columns", list(of: text("A column."), "What is validated.", ["minItems": 1])),
                    ("validator_type", choice("Who validates.", ["code", "remote", "local_callable"])),
                    ("validator_params", anyObject("How it validates.")),
                    ("batch_size", integer("Records of one call.", ["minimum": 1, "default": 10])),
                ], ["target_columns", "validator_type", "validator_params"]
            )
        case .embedding:
            return (
                [("target_column", filledText("What is embedded.")), ("model_alias", modelAlias)],
                ["target_column", "model_alias"]
            )
        case .image:
            return (
                [("prompt", template("What is drawn.")), ("model_alias", modelAlias), context],
                ["prompt", "model_alias"]
            )
        case .http:
            return (
                [
                    ("provider", filledText("The name under which workers know the endpoint that is POSTed to.")),
                    ("required_columns", nullable(list(of: filledText("A column."), "What is sent of each record."))),
                    (
                        "side_effect_columns",
                        nullable(list(of: filledText("A column."), "What the endpoint writes besides this column."))
                    ),
                    ("params", nullable(anyObject("Sent with every request."))),
                    ("batch_size", integer("Records of one request.", ["minimum": 1, "default": 10])),
                    ("timeout", nullable(number("Seconds of one request.", ["exclusiveMinimum": 0, "default": 30]))),
                    ("max_parallel_requests", integer("Requests at a time.", ["minimum": 1, "default": 4])),
                ], ["provider"]
            )
        case .custom:
            return (
                [
                    ("generator_function", text("The name of a Python function; Tessera cannot call it.")),
                    (
                        "generation_strategy",
                        nullable(choice("What it is called with.", ["cell_by_cell", "full_column"]))
                    ),
                    ("generator_params", nullable(anyObject("What it is called with besides."))),
                ], ["generator_function"]
            )
        }
    }

    private static var modelAlias: JSONObject { filledText("The alias of one of model_configs.") }

    private static var context: (String, JSONObject) {
        ("multi_modal_context", nullable(list(of: reference("media"), "Cells that are sent beside the prompt.")))
    }

    private static var generated: [(String, JSONObject)] {
        [
            ("prompt", template("What the model is asked.")),
            ("model_alias", modelAlias),
            ("system_prompt", nullable(template("What the model is told before."))),
            context,
            ("tool_alias", nullable(text("The alias of one of tool_configs."))),
            (
                "with_trace",
                nullable(
                    choice(
                        "Adds a column <name>__trace with the conversation.",
                        GeneratedColumn.Trace.allCases.map(\.rawValue), default: "none"))
            ),
            (
                "extract_reasoning_content",
                boolean("Adds a column <name>__reasoning_content with the model's reasoning.", default: false)
            ),
        ]
    }

    private static var skip: JSONObject {
        object(
            "a skip rule", ["when"],
            [
                ("when", template("Records for which it is true are skipped.")),
                (
                    "value",
                    [
                        "description": "What a skipped cell holds.",
                        "type": ["string", "number", "boolean", "null"], "default": .null,
                    ]
                ),
            ])
    }

    private static var score: JSONObject {
        object(
            "a score", ["name", "description", "options"],
            [
                ("name", text("The score's name: {{ column.name.score }}.", ["pattern": "^[^_]"])),
                ("description", text("What is judged.")),
                (
                    "options",
                    anyObject("Each value that can be given, with what it means.")
                        .adding("minProperties", 1).adding("additionalProperties", ["type": "string"])
                ),
            ])
    }

    private static var media: JSONObject {
        // The library ignores unknown keys here.
        object(
            "a media context", ["column_name"],
            [
                (
                    "modality",
                    nullable(choice("What the cells are.", MediaContext.Modality.allCases.map(\.rawValue)))
                ),
                ("column_name", filledText("The column with the media.")),
                (
                    "data_type",
                    nullable(
                        choice("How cells hold it; null: found out.", MediaContext.DataType.allCases.map(\.rawValue)))
                ),
            ]
                + MediaContext.Modality.allCases.map {
                    ("\($0.rawValue)_format", nullable(choice("Needed for base64.", $0.formats)))
                }, isOpen: true)
    }

    private static func validator(_ type: String) -> JSONObject {
        let title = "a \(type) validator's params"
        let tag = ("validator_type", nullable(["const": .string(type)] as JSONObject))
        let schema = ("output_schema", nullable(anyObject("The JSON Schema of a result.")))
        switch type {
        case "code":
            let languages = WorkflowReader.codeLanguages.filter { $0 == "python" || $0.hasPrefix("sql:") }
            return object(title, ["code_lang"], [tag, ("code_lang", choice("The language of the code.", languages))])
        case "remote":
            return object(
                title, ["endpoint_url"],
                [
                    tag, ("endpoint_url", text("Where the records are sent.")), schema,
                    ("timeout", nullable(number("Seconds of one call.", ["exclusiveMinimum": 0, "default": 30]))),
                    ("max_retries", integer("Further calls after a failure.", ["minimum": 0, "default": 3])),
                    (
                        "retry_backoff",
                        nullable(number("The factor between waits.", ["exclusiveMinimum": 1, "default": 2]))
                    ),
                    ("max_parallel_requests", integer("Calls at a time.", ["minimum": 1, "default": 4])),
                ])
        default:
            return object(
                title, ["validation_function"],
                [tag, ("validation_function", text("The name of a Python function; Tessera cannot call it.")), schema])
        }
    }
}

extension ColumnType {
    fileprivate var definitionName: String { "\(rawValue.replacing("-", with: "_"))_column" }
}

extension JSONObject {
    func adding(_ key: String, _ value: JSONValue) -> JSONObject {
        var object = self
        object[key] = value
        return object
    }
}
