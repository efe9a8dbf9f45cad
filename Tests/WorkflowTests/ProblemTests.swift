import JSON
import Testing
import Workflow

struct ProblemTests {
    @Test func `every problem is reported at once with its place and a suggestion`() {
        let found = problems(
            """
            model_configs:
              - alias: writer
                model: m
                provider: p
                base_url: http://x
            columns:
              - name: product_category
                column_type: sampler
                sampler_type: category
                params:
                  values: [a, b]
              - name: review
                column_type: llm-text
                promt: hello
                prompt: Write about {{ product_categry }}
                model_alias: writr
              - name: quality
                column_type: expression
                expr: "{{ verdict }}"
              - name: verdict
                column_type: expression
                expr: "{{ quality }}"
            """)
        #expect(
            found == [
                "f.yaml:5:5  model_configs[0].base_url is not a key of a model config. "
                    + "A worker knows its endpoints: it belongs in providers.yaml as the provider's endpoint",
                "f.yaml:14:5  columns[1].promt is not a key of an llm-text column. Did you mean prompt?",
                "f.yaml:15:28  columns[1].prompt uses {{ product_categry }}; no such column. "
                    + "Did you mean product_category?",
                "f.yaml:16:18  columns[1].model_alias is writr; no such model. Did you mean writer?",
                "f.yaml:17:5  columns[2] and columns[3] need each other: quality -> verdict -> quality",
            ])
    }

    @Test func `a cycle of three columns is shown as a path`() {
        #expect(
            columnProblems(
                """
                  - {name: a, column_type: expression, expr: "{{ b }}"}
                  - {name: b, column_type: expression, expr: "{{ c }}"}
                  - {name: c, column_type: expression, expr: "{{ a }}"}
                """) == ["columns[0] waits for itself: a -> b -> c -> a"])
    }

    @Test func `a cycle through skip is found`() {
        #expect(
            columnProblems(
                """
                  - {name: a, column_type: expression, expr: "x", skip: {when: "{{ b }}"}}
                  - {name: b, column_type: expression, expr: "{{ a }}"}
                """) == ["columns[0] and columns[1] need each other: a -> b -> a"])
    }

    @Test func `a column that uses itself is refused`() {
        #expect(
            columnProblems("  - {name: a, column_type: expression, expr: '{{ a }}'}")
                == ["columns[0].expr uses {{ a }}, the column itself"])
    }

    @Test func `a column of a seed needs a seed`() {
        #expect(
            columnProblems("  - {name: a, column_type: seed-dataset}")
                == ["columns[0].column_type is seed-dataset, but there is no seed_config"])
    }

    @Test func `two columns of one name are refused`() {
        #expect(
            columnProblems(
                """
                  - {name: a, column_type: expression, expr: 'x'}
                  - {name: a, column_type: expression, expr: 'y'}
                """) == ["columns[1].name is the name of columns[0] too: a"])
    }

    @Test func `a side effect exists only when it is asked for`() {
        let use = "  - {name: b, column_type: expression, expr: '{{ a__trace }}'}"
        let off = "  - {name: a, column_type: llm-text, prompt: hi, model_alias: writer}\n" + use
        let on =
            "  - {name: a, column_type: llm-text, prompt: hi, model_alias: writer, with_trace: last_message}\n" + use
        #expect(
            columnProblems(off) == [
                "columns[1].expr uses {{ a__trace }}; a does not write it. "
                    + "Set with_trace of a to last_message or all_messages"
            ])
        #expect(columnProblems(on) == [])
    }

    @Test func `the inner sampler type must be the outer one`() {
        #expect(
            columnProblems(
                "  - {name: a, column_type: sampler, sampler_type: category, params: {sampler_type: uuid, values: [x]}}"
            ) == [
                "columns[0].params.sampler_type says uuid, but the column's sampler_type is category. "
                    + "Leave it out, or make both the same"
            ])
    }

    @Test(arguments: [
        (
            "{sampler_type: uniform, params: {low: 2, high: 1}}",
            "columns[0].params.high must not be below low: 1.0 is below 2.0"
        ),
        ("{sampler_type: uniform, params: {low: 2}}", "columns[0].params needs high"),
        ("{sampler_type: uniform, params: {low: a, high: 3}}", "columns[0].params.low must be a number, not \"a\""),
        ("{sampler_type: bernoulli, params: {p: 1.5}}", "columns[0].params.p must be within 0 and 1, not 1.5"),
        ("{sampler_type: category, params: {values: []}}", "columns[0].params.values must hold at least one value"),
        (
            "{sampler_type: category, params: {values: [a, b], weights: [1]}}",
            "columns[0].params.weights must be as many as values: 1 for 2"
        ),
        (
            "{sampler_type: category, params: {values: [a], weights: [-1]}}",
            "columns[0].params.weights[0] must not be negative, as -1.0 is"
        ),
        (
            "{sampler_type: category, params: {values: [yes, no_]}}",
            "columns[0].params.values[0] must be text or a number, not true. Put it in quotes"
        ),
        (
            "{sampler_type: datetime, params: {start: 2024-13-01, end: 2025-01-01}}",
            "columns[0].params.start is not a date or time: 2024-13-01. Write it as 2024-01-31 or 2024-01-31T12:00:00"
        ),
        (
            "{sampler_type: scipy, params: {dist_name: betta, dist_params: {}}}",
            "columns[0].params.dist_name is betta, a distribution that Tessera does not draw. Did you mean beta?"
        ),
        (
            "{sampler_type: scipy, params: {dist_name: beta, dist_params: {a: 1, b: 0}}}",
            "columns[0].params.dist_params.b must be above 0, not 0.0"
        ),
        (
            "{sampler_type: unifrom, params: {}}",
            "columns[0].sampler_type must be one of 14 words; not unifrom. Did you mean uniform?"
        ),
    ])
    func `a sampler's parameters are checked`(sampler: String, problem: String) {
        let column = "  - {name: a, column_type: sampler, \(sampler.dropFirst())"
        #expect(columnProblems(column) == [problem])
    }

    @Test func `a subcategory covers its parent's values exactly`() {
        #expect(
            columnProblems(
                """
                  - {name: a, column_type: sampler, sampler_type: category, params: {values: [north, south]}}
                  - name: b
                    column_type: sampler
                    sampler_type: subcategory
                    params: {category: a, values: {north: [x], soth: [y]}}
                """) == [
                    "columns[1].params.values needs a list for south, a value of a",
                    "columns[1].params.values.soth is no value of a. Did you mean south?",
                ])
    }

    @Test func `a constraint is on sampler columns of one kind`() {
        let columns = """
              - {name: u, column_type: sampler, sampler_type: uniform, params: {low: 0, high: 1}}
              - {name: d, column_type: sampler, sampler_type: datetime, params: {start: "2024", end: "2025"}}
              - {name: e, column_type: expression, expr: x}
            """
        func found(_ constraint: String) -> [String] {
            columnProblems(columns, more: "constraints: [{\(constraint)}]")
        }
        #expect(found("target_column: u, operator: gt, rhs: 0.5") == [])
        #expect(
            found("target_column: u, operator: gt, rhs: d")
                == ["constraints[0].rhs is d, which holds times, but u holds numbers"])
        #expect(
            found("target_column: d, operator: gt, rhs: 5")
                == ["constraints[0].target_column is d, which holds times: a number cannot bound it"])
        #expect(
            found("target_column: e, operator: gt, rhs: 5") == [
                "constraints[0].target_column is e, but constraints are on samplers only: "
                    + "e is a column of type expression, which is made after them"
            ])
        #expect(
            found("target_column: u, operator: gtt, rhs: 5")
                == ["constraints[0].operator must be one of 4 words: lt, le, gt, ge; not gtt. Did you mean gt?"])
    }

    @Test func `a skip rule needs a reference and cannot look at its own column`() {
        func found(_ skip: String) -> [String] {
            columnProblems("  - {name: a, column_type: expression, expr: x, skip: {\(skip)}}")
        }
        #expect(
            found("when: 'b == 0'") == [
                "columns[0].skip.when names no column, so that it would be the same for every record. "
                    + "Write it with braces: {{ b == 0 }}"
            ])
        #expect(found("when: '{{ a }}'") == ["columns[0].skip.when uses {{ a }}: a column cannot decide on itself"])
    }

    @Test func `a skip value becomes the column's type`() throws {
        let loaded = try workflow(
            """
            columns:
              - {name: s, column_type: sampler, sampler_type: uuid, params: {}}
              - {name: a, column_type: expression, dtype: int, expr: '1', skip: {when: '{{ s }}', value: '7'}}
            """)
        #expect(loaded.columns[1].skip?.value == 7)
        #expect(
            columnProblems(
                """
                  - {name: s, column_type: sampler, sampler_type: uuid, params: {}}
                  - {name: a, column_type: expression, dtype: int, expr: '1', skip: {when: '{{ s }}', value: x}}
                """) == ["columns[1].skip.value cannot become int, the dtype of this column"])
    }

    @Test func `what the engine does not run is refused by feature and column`() {
        var capabilities = Capabilities.current
        capabilities.columnTypes = [.sampler, .text]
        let found = problems(
            """
            columns:
              - {name: a, column_type: sampler, sampler_type: uuid, params: {}}
              - {name: b, column_type: llm-code, code_lang: python, prompt: "{{ a }}", model_alias: openai-text}
            """, capabilities: capabilities)
        #expect(
            found == [
                "f.yaml:3:15  columns[1].column_type of b is llm-code: Tessera does not run that. "
                    + "Use an llm-text column, and say in its prompt what the answer must look like"
            ])
    }

    @Test func `without models the built-in ones are there, with a note`() throws {
        let loaded = Workflow.load(
            text: "columns: [{name: a, column_type: llm-text, prompt: '{{ b }}', model_alias: nvidia-text},\n"
                + "{name: b, column_type: sampler, sampler_type: uuid, params: {}}]",
            name: "f", format: .yaml)
        #expect(loaded.problems.isEmpty)
        #expect(loaded.workflow?.models.count == 12)
        #expect(loaded.workflow?.model("nvidia-text")?.model == "nvidia/nemotron-3.5-lightning-30b-a3b")
        #expect(loaded.warnings.map(\.message) == ["no model_configs: the 12 built-in models are used"])
    }

    @Test(arguments: [
        (
            "{type: object, properties: {a: {type: strng}}}",
            "properties.a.type is strng, which is no type of JSON. Did you mean string?"
        ),
        ("{type: int}", "type is int, which is no type of JSON. Did you mean integer?"),
        ("{$ref: '#/$defs/X', $defs: {Y: {}}}", "$ref is #/$defs/X, which leads nowhere"),
        ("{$ref: 'http://x/y'}", "$ref is http://x/y: only references within the schema (#/$defs/...) are followed"),
        ("{properties: [a]}", "properties must be a mapping of names to schemas, not array"),
        ("{items: 3}", "items must be a schema (a mapping, true or false), not integer"),
        ("{enum: []}", "enum must be a list of at least one value"),
        ("{minItems: -1}", "minItems must be an integer of at least 0"),
        ("{required: a}", "required must be a list of names"),
        ("{anyOf: []}", "anyOf must be a list of at least one schema"),
    ])
    func `an output format must be a schema`(schema: String, problem: String) {
        let column =
            "  - {name: a, column_type: llm-structured, prompt: hi, model_alias: writer, output_format: \(schema)}"
        #expect(columnProblems(column) == ["columns[0].output_format.\(problem)"])
    }

    @Test func `what a plain reading would let pass is refused`() {
        #expect(
            columnProblems(
                """
                  - name: a
                    column_type: llm-text
                    prompt: hi
                    model_alias: writer
                    multi_modal_context: [{modality: audio}]
                """) == ["columns[0].multi_modal_context[0] needs column_name"])
        #expect(
            columnProblems(
                "  - {name: a, column_type: expression, expr: x}",
                more: "seed_config: {source: {seed_type: agent_rollout}}\nprocessors: [{}]") == [
                    "seed_config.source needs format",
                    "processors[0] needs processor_type: drop_columns or schema_transform",
                ])
        #expect(
            columnProblems(
                "  - {name: a, column_type: expression, expr: x}",
                more:
                    "seed_config: {source: {seed_type: local, path: a.csv}, selection_strategy: {start: null, end: 5}}")
                == ["seed_config.selection_strategy.start must be an integer, not null"])
        #expect(
            columnProblems(
                "  - {name: a, column_type: sampler, sampler_type: person, params: {select_field_values: {state: TX}}}")
                == ["columns[0].params.select_field_values.state must be a list, not \"TX\""])
    }

    @Test func `an http column names a provider, what is sent and what is written`() throws {
        func found(_ keys: String) -> [String] {
            columnProblems(
                "  - {name: s, column_type: sampler, sampler_type: uuid, params: {}}\n"
                    + "  - {name: b, column_type: http, provider: p, side_effect_columns: [taken]}\n"
                    + "  - {name: a, column_type: http, \(keys)}")
        }
        #expect(
            found("provider: geo, required_columns: [s, taken], side_effect_columns: [lat, lon], params: {k: 1}") == [])
        #expect(found("required_columns: [s]") == ["columns[2] needs provider"])
        #expect(
            found("provider: 'http://x/y'") == [
                "columns[2].provider must be the name of a provider, not a URL. "
                    + "Name the endpoint in the workers' providers.yaml, with provider_type: http"
            ])
        #expect(
            found("provider: tools")
                == ["columns[2].provider is tools, a name that routes of validation columns have. Choose another name"])
        #expect(
            found("provider: geo, required_columns: [ss]")
                == ["columns[2].required_columns[0] is ss; no such column. Did you mean s?"])
        #expect(
            found("provider: geo, required_columns: [a]")
                == ["columns[2].required_columns[0] is a, the column itself"])
        #expect(
            found("provider: geo, required_columns: [lat], side_effect_columns: [lat]")
                == ["columns[2].required_columns[0] is lat, which the column itself writes"])
        #expect(
            found("provider: geo, side_effect_columns: [lat, lat, taken, a]") == [
                "columns[2].name is also what columns[2] writes beside itself: a. Choose another name",
                "columns[2].side_effect_columns[1] is lat, which is in the list already",
                "columns[2].side_effect_columns[2] is taken, which b writes too. Choose another name",
            ])
        #expect(
            found("provider: geo, batch_size: 0, timeout: 0") == [
                "columns[2].batch_size must be at least 1, not 0", "columns[2].timeout must be above 0, not 0.0",
            ])
        #expect(
            found("provider: geo, url: 'http://x'") == [
                "columns[2].url is not a key of an http column. A worker knows its endpoints: name a provider, whose "
                    + "endpoint belongs in the workers' providers.yaml"
            ])
    }

    @Test func `a column may use what an http column writes besides itself`() throws {
        let loaded = try workflow(
            """
            columns:
              - {name: s, column_type: sampler, sampler_type: uuid, params: {}}
              - {name: e, column_type: expression, expr: '{{ lat }} {{ place }}'}
              - {name: place, column_type: http, provider: geo, required_columns: [s], side_effect_columns: [lat]}
            """)
        #expect(loaded.graph.dependencies == [[], [2], [0]])
        #expect(loaded.sideEffects.map(\.name) == ["lat"])
    }

    @Test func `a remote validator's URL is one, without a password`() {
        func found(_ url: String) -> [String] {
            columnProblems(
                "  - {name: s, column_type: sampler, sampler_type: uuid, params: {}}\n"
                    + "  - {name: v, column_type: validation, target_columns: [s], validator_type: remote, "
                    + "validator_params: {endpoint_url: '\(url)'}}")
        }
        #expect(found("https://host/check?x=1") == [])
        #expect(
            found("checks")
                == ["columns[1].validator_params.endpoint_url must begin with http:// or https://, not checks"])
        #expect(
            found("http://me:pw@host/x") == [
                "columns[1].validator_params.endpoint_url must hold no user or password. "
                    + "A key belongs in the workers' providers.yaml"
            ])
    }

    @Test func `a judge's scores are told apart`() {
        func found(_ scores: String) -> [String] {
            columnProblems(
                "  - {name: a, column_type: llm-judge, prompt: hi, model_alias: writer, scores: [\(scores)]}")
        }
        #expect(found("{name: x, description: d, options: {1: a}}, {name: y, description: d, options: {1: a}}") == [])
        #expect(
            found("{name: x, description: d, options: {1: a}}, {name: x, description: d, options: {1: a}}")
                == ["columns[0].scores[1].name is the name of another score of this judge: x"])
        #expect(
            found("{name: _x, description: d, options: {1: a}}")
                == ["columns[0].scores[0].name must not begin with an underscore: _x would vanish"])
    }

    @Test func `a column that a processor takes away counts as dropped`() throws {
        let loaded = try workflow(
            """
            columns:
              - {name: a_1, column_type: expression, expr: x}
              - {name: a_2, column_type: expression, expr: x}
              - {name: b, column_type: expression, expr: x}
            processors: [{name: d, processor_type: drop_columns, column_names: ['a_*']}]
            """)
        #expect(loaded.columns.map(\.isDropped) == [true, true, false])
    }

    @Test func `processors name columns that are there and not yet dropped`() {
        let columns = "  - {name: a, column_type: expression, expr: x}\n  - {name: b, column_type: expression, expr: x}"
        func found(_ processors: String) -> [String] { columnProblems(columns, more: "processors: [\(processors)]") }
        let transform = "{name: t, processor_type: schema_transform, template: {x: ['{{ a }}']}}"
        let drop = "{name: d, processor_type: drop_columns, column_names: [a]}"
        #expect(found("\(transform), \(drop)") == [])
        #expect(
            found("\(drop), \(transform)") == [
                "processors[1].template uses {{ a }}, which an earlier processor drops. Put the transform before the drop"
            ])
        #expect(
            found("{name: d, processor_type: drop_columns, column_names: [aa]}")
                == ["processors[0].column_names[0] is aa; no such column. Did you mean a?"])
    }

    private static func expressionProblems(_ template: String) -> [String] {
        columnProblems(
            """
              - {name: b, column_type: sampler, sampler_type: uuid, params: {}}
              - name: a
                column_type: expression
                expr: |-
                  \(template)
            """)
    }

    @Test(arguments: [
        "{{ b | nonsense }}", "{{ b is nonsense }}", "{{ b", "{% if b %}{{ b | nope }}{% endif %}",
        "{% endif %}{{ b }}",
        "{% include 'x' %}{{ b }}", "{{ b + }}", "{{ nobody }}",
    ])
    func `a template that can never be rendered is refused at load`(template: String) {
        let found = Self.expressionProblems(template)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("columns[1].expr ") == true, "\(found)")
    }

    @Test(arguments: [
        "{{ b | join(',') }}", "{% set x = 1 %}{{ b }}{{ x }}", "{% if b %}{{ b | tojson }}{% endif %}",
        "{{ b | jsonpath('$') }}",
        "{% for x in b %}{% for y in x %}{{ y }}{% endfor %}{% endfor %}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(b) }}",
        "{{ \(Array(repeating: "b", count: 12).joined(separator: " ~ ")) }}",
    ])
    func `what stock Jinja renders is accepted though the secure engine would not`(template: String) {
        #expect(Self.expressionProblems(template) == [])
    }

    @Test func `a template's fault is located inside its text`() {
        let found = problems(
            "columns:\n  - name: a\n    column_type: expression\n    expr: |\n      first\n      x {{ b | nope }}\n")
        #expect(found == ["f.yaml:6:16  columns[0].expr is not a template that can be used: No filter named 'nope'."])
    }

    @Test func `a skip rule may use all filters and functions are no columns`() {
        #expect(
            columnProblems(
                """
                  - {name: b, column_type: sampler, sampler_type: uuid, params: {}}
                  - {name: a, column_type: expression, expr: '{% for i in range(3) %}{{ i }}{% endfor %}', skip: {when: "{{ b | default('') | list | tojson }}"}}
                """) == [])
    }

    @Test func `a column may have the name of a function`() throws {
        let loaded = try workflow(
            """
            columns:
              - {name: range, column_type: sampler, sampler_type: uuid, params: {}}
              - {name: a, column_type: expression, expr: '{{ range }}'}
            """)
        #expect(loaded.graph.dependencies == [[], [0]])
    }

    @Test func `the slots of a template leave functions out`() throws {
        let loaded = try workflow(
            """
            columns:
              - {name: b, column_type: sampler, sampler_type: uuid, params: {}}
              - {name: a, column_type: expression, expr: '{% for i in range(2) %}{{ b }}{{ i }}{% endfor %}'}
            """)
        guard case .expression(let expression) = loaded.columns[1].kind else { return }
        #expect(expression.expression.slots == [nil, "b"])
        #expect(loaded.columns[1].references == ["b"])
    }

    @Test func `a condition uses samplers only`() {
        #expect(
            columnProblems(
                """
                  - {name: e, column_type: expression, expr: x}
                  - {name: a, column_type: sampler, sampler_type: uuid, params: {}, conditional_params: {"e == 1": {}, "f > 2": {}}}
                """) == [
                    "columns[1].conditional_params[\"e == 1\"] uses e, but a sampler's condition can use samplers only: "
                        + "e is a column of type expression, which is made after them",
                    "columns[1].conditional_params[\"f > 2\"] uses f, but a sampler's condition can use samplers only: "
                        + "no such sampler column",
                ])
        #expect(
            columnProblems(
                "  - {name: a, column_type: sampler, sampler_type: uuid, params: {}, conditional_params: {'{{ a }}': {}}}"
            ).first?.hasSuffix("Leave the braces out: a condition is an expression") == true)
    }
}
