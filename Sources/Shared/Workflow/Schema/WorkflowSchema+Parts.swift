import JSON

extension WorkflowSchema {
    // MARK: Models and tools

    static var models: [(String, JSONObject)] {
        [
            ("model", model), ("inference", inference), ("distribution", distribution),
            ("uniform_distribution", uniformDistribution), ("manual_distribution", manualDistribution),
            ("tool", tool), ("profiler", profiler),
        ] + ["chat-completion", "embedding", "image"].map { ($0, inference($0)) }
    }

    private static var model: JSONObject {
        object(
            "a model config", ["alias", "model", "provider"],
            [
                ("alias", filledText("By which columns name the model.")),
                ("model", filledText("The provider's name for the model.")),
                ("provider", filledText("The name of a provider; workers know its endpoint (providers.yaml).")),
                ("inference_parameters", nullable(reference("inference"))),
                ("skip_health_check", boolean("No call before the first one.", default: false)),
            ])
    }

    /// By `generation_type`, which says embedding where only such a model has the keys that are there.
    private static var inference: JSONObject {
        [
            "type": "object",
            "if": ["properties": ["generation_type": ["const": "image"]], "required": ["generation_type"]],
            "then": .object(reference("image")),
            "else": [
                "if": [
                    "anyOf": [
                        ["properties": ["generation_type": ["const": "embedding"]], "required": ["generation_type"]],
                        [
                            "not": ["required": ["generation_type"]],
                            "anyOf": [["required": ["encoding_format"]], ["required": ["dimensions"]]],
                        ],
                    ]
                ],
                "then": .object(reference("embedding")),
                "else": .object(reference("chat-completion")),
            ],
        ]
    }

    private static func inference(_ type: String) -> JSONObject {
        let common = [
            ("generation_type", ["const": .string(type)] as JSONObject),
            (
                "max_parallel_requests",
                integer("The most calls at a time, in the whole cluster.", ["minimum": 1, "default": 4])
            ),
            ("timeout", nullable(integer("Seconds of one call.", ["minimum": 1]))),
            ("extra_body", nullable(anyObject("Members for the request's body; they win over named parameters."))),
        ]
        let own: [(String, JSONObject)] =
            switch type {
            case "chat-completion":
                [
                    ("temperature", sampled("The sampling temperature.", maximum: 2)),
                    ("top_p", sampled("The nucleus.", maximum: 1)),
                    ("max_tokens", nullable(integer("The most tokens of an answer.", ["minimum": 1]))),
                ]
            case "embedding":
                [
                    (
                        "encoding_format",
                        nullable(choice("How vectors travel.", ["float", "base64"], default: "float"))
                    ),
                    ("dimensions", nullable(integer("The length of a vector."))),
                ]
            default: []
            }
        return object("the inference parameters of \(type)", [], common + own)
    }

    private static func sampled(_ description: String, maximum: Int64) -> JSONObject {
        any(
            [
                number("Always the same.", ["minimum": 0, "maximum": .integer(maximum)]), reference("distribution"),
                ["type": "null"],
            ],
            "\(description) A number, or a distribution that each request draws from.")
    }

    private static var distribution: JSONObject {
        object(
            "a distribution", ["params"],
            [
                ("distribution_type", nullable(choice("What is drawn from.", ["uniform", "manual"]))),
                (
                    "params",
                    any([reference("uniform_distribution"), reference("manual_distribution")], "What it draws.")
                ),
            ])
    }

    private static var uniformDistribution: JSONObject {
        object(
            "a uniform distribution's params", ["low", "high"],
            [("low", number("The lower end, included.")), ("high", number("The upper end, above low."))])
    }

    private static var manualDistribution: JSONObject {
        object(
            "a manual distribution's params", ["values"],
            [
                ("values", list(of: number("A value."), "What is drawn from.", ["minItems": 1])),
                ("weights", nullable(list(of: number("A weight.", ["minimum": 0]), "As many as values."))),
            ])
    }

    private static var tool: JSONObject {
        object(
            "a tool config", ["tool_alias", "providers"],
            [
                ("tool_alias", text("By which columns name the tools.")),
                ("providers", list(of: text("A provider."), "MCP providers.")),
                ("allow_tools", nullable(list(of: text("A tool."), "Null: all.", ["uniqueItems": true]))),
                ("max_tool_call_turns", integer("Rounds of calls for an answer.", ["minimum": 1, "default": 5])),
                ("timeout_sec", nullable(number("Seconds of one call.", ["exclusiveMinimum": 0]))),
            ])
    }

    private static var profiler: JSONObject {
        object(
            "a profiler", ["model_alias"],
            [
                ("model_alias", text("The alias of one of model_configs.")),
                (
                    "summary_score_sample_size",
                    nullable(integer("Answers of a summary; null: none.", ["minimum": 1, "default": 20]))
                ),
            ])
    }

    // MARK: Constraints, processors, seed data

    static var parts: [(String, JSONObject)] {
        [
            ("constraint", constraint),
            (
                "processor",
                tagged(
                    by: "processor_type", "What happens to finished records.",
                    [("drop_columns", "drop_columns"), ("schema_transform", "schema_transform")])
            ),
            ("drop_columns", dropColumns), ("schema_transform", schemaTransform),
            ("seed", seed), ("selection", selection), ("source", source),
        ]
    }

    private static var constraint: JSONObject {
        object(
            "a constraint", ["target_column", "operator", "rhs"],
            [
                ("target_column", text("The sampler whose values are drawn anew until they fit.")),
                ("operator", choice("How they compare.", Constraint.Operator.allCases.map(\.rawValue))),
                ("rhs", any([number("A bound."), text("A sampler.")], "What they are compared with.")),
                (
                    "constraint_type",
                    nullable(choice("What rhs is.", ["scalar_inequality", "column_inequality"]))
                ),
            ])
    }

    private static var dropColumns: JSONObject {
        object(
            "a drop_columns processor", ["name", "processor_type", "column_names"],
            [
                ("name", text("The processor's name.")), ("processor_type", ["const": "drop_columns"]),
                ("column_names", list(of: text("A column, or a pattern with *."), "What is not exported.")),
            ])
    }

    private static var schemaTransform: JSONObject {
        object(
            "a schema_transform processor", ["name", "processor_type", "template"],
            [
                ("name", text("The processor's name, and its folder's.")),
                ("processor_type", ["const": "schema_transform"]),
                ("template", anyObject("An object for each record; its texts are Jinja2 templates.")),
            ])
    }

    private static var seed: JSONObject {
        object(
            "a seed config", ["source"],
            [
                ("source", reference("source")),
                (
                    "sampling_strategy",
                    nullable(choice("In which order rows are used.", ["ordered", "shuffle"], default: "ordered"))
                ),
                ("selection_strategy", nullable(reference("selection"))),
            ])
    }

    private static var selection: JSONObject {
        object(
            "a selection strategy", [],
            [
                ("start", integer("The first row, from 0.", ["minimum": 0])),
                ("end", integer("The last row, included.", ["minimum": 0])),
                ("index", integer("Which part, from 0.", ["minimum": 0, "default": 0])),
                ("num_partitions", integer("How many parts.", ["minimum": 1, "default": 1])),
            ])
    }

    private static var source: JSONObject {
        // The library ignores unknown keys here.
        var schema = object(
            "a seed source", ["seed_type"],
            [
                (
                    "seed_type",
                    choice("Where the rows come from.", ["local", "hf", "directory", "file_contents", "agent_rollout"])
                ),
                ("path", nullable(text("A file, or a folder."))),
                ("token", nullable(text("For Hugging Face."))),
                ("endpoint", nullable(text("Of Hugging Face."))),
                ("file_pattern", nullable(text("Which files of a folder, such as *.md."))),
                ("recursive", boolean("Folders in the folder too.", default: true)),
                ("encoding", nullable(text("The files' encoding; utf-8 where absent."))),
                (
                    "format",
                    nullable(
                        choice("Of agent traces.", ["atif", "claude_code", "codex", "hermes_agent", "pi_coding_agent"]))
                ),
            ], isOpen: true)
        schema["if"] = ["properties": ["seed_type": ["const": "agent_rollout"]]]
        schema["then"] = ["required": ["format"]]
        schema["else"] = ["required": ["path"], "properties": ["path": ["type": "string"]]]
        return schema
    }
}
