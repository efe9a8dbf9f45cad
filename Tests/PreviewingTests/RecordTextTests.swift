import JSON
import Previewing
import Testing
import Workflow

struct RecordTextTests {
    private static let text = """
        columns:
          - {name: id, column_type: sampler, sampler_type: uuid, params: {}}
          - {name: review, column_type: llm-text, model_alias: writer, prompt: "Review {{ id }}", with_trace: last_message}
          - {name: query, column_type: llm-code, code_lang: "sql:postgres", model_alias: writer, prompt: "Query {{ id }}"}
          - name: invoice
            column_type: llm-structured
            model_alias: writer
            prompt: "Invoice {{ id }}"
            output_format: {type: object, properties: {total: {type: integer}}, required: [total]}
          - name: quality
            column_type: llm-judge
            model_alias: writer
            prompt: "Judge {{ id }}"
            scores: [{name: Tone, description: How it sounds., options: {1: cold, 2: warm}}]
          - {name: vector, column_type: embedding, target_column: review, model_alias: embedder}
          - {name: lint, column_type: validation, target_columns: [query], validator_type: code, validator_params: {code_lang: "sql:postgres"}}
          - {name: art, column_type: image, model_alias: painter, prompt: "Paint {{ id }}"}
        model_configs:
          - {alias: writer, model: m, provider: p}
          - {alias: embedder, model: e, provider: p, inference_parameters: {generation_type: embedding}}
          - {alias: painter, model: i, provider: p, inference_parameters: {generation_type: image}}
        """

    private func lines(_ value: JSONValue, of name: String, width: Int = 60) throws -> [String] {
        let loaded = Workflow.load(text: Self.text, name: "w.yaml", format: .yaml)
        let workflow = try #require(loaded.workflow, "\(loaded.problems)")
        let number = try #require(workflow.valueIndex(name))
        return RecordText(workflow: workflow, shown: Array(0...8), width: width).lines(of: value, number: number)
    }

    @Test func `a short value stands beside its name`() throws {
        #expect(try lines("a1b2", of: "id") == ["id             a1b2"])
    }

    @Test func `a long text is folded between words, and its own lines stay`() throws {
        let text = "One two three four five six seven eight nine ten eleven twelve.\n- a point"
        #expect(
            try lines(.string(text), of: "review", width: 40) == [
                "review", "    One two three four five six seven", "    eight nine ten eleven twelve.", "    - a point",
            ])
    }

    @Test func `a text without spaces, of wide characters, is folded by the columns it takes`() throws {
        let text = String(repeating: "日本語", count: 9)
        #expect(
            try lines(.string(text), of: "review", width: 40) == [
                "review", "    " + String(text.prefix(18)), "    " + String(text.suffix(9)),
            ])
        #expect(FoldedText.lines("ab " + String(repeating: "x", count: 45), width: 20).map(\.count) == [2, 20, 20, 5])
        #expect(FoldedText.lines("  eins zwei drei vier fünf", width: 20) == ["  eins zwei drei", "  vier fünf"])
    }

    @Test func `code stands in a fence of its language, unfolded`() throws {
        let code = "select a_long_column_name, another_long_column_name from a_table\nwhere x"
        #expect(
            try lines(.string(code), of: "query", width: 40) == [
                "query", "    ```sql", "    select a_long_column_name, another_long_column_name from a_table",
                "    where x", "    ```",
            ])
    }

    @Test func `structured values are indented`() throws {
        #expect(
            try lines(["total": 3, "lines": []], of: "invoice") == [
                "invoice", "    {", "      \"total\": 3,", "      \"lines\": []", "    }",
            ])
    }

    @Test func `below the outermost level what fits on a line stays on one`() throws {
        let value: JSONValue = [
            "lines": [["name": "a cup", "count": 2], ["name": "a plate that is long", "count": 12]], "note": [],
            "deep": ["a": ["b": "one two three four five six seven eight nine"]],
        ]
        let found = try lines(value, of: "invoice", width: 44)
        #expect(
            found == [
                "invoice", "    {", "      \"lines\": [", "        {\"name\": \"a cup\", \"count\": 2},",
                "        {", "          \"name\": \"a plate that is long\",", "          \"count\": 12", "        }",
                "      ],", "      \"note\": [],", "      \"deep\": {", "        \"a\": {",
                "          \"b\": \"one two three four five six", "          seven eight nine\"", "        }",
                "      }",
                "    }",
            ])
    }

    @Test func `a verdict reads as one, with what is wrong`() throws {
        #expect(
            try lines(["is_valid": true, "error_messages": ""], of: "lint") == ["lint           valid"])
        #expect(
            try lines(["is_valid": .null], of: "lint") == ["lint           no verdict"])
        let python: JSONValue = [
            "is_valid": false, "python_linter_score": 2.5, "python_linter_severity": "error",
            "python_linter_messages": [
                ["type": "error", "symbol": "F821", "line": 3, "column": 5, "message": "Undefined name `x`"]
            ],
        ]
        #expect(
            try lines(python, of: "lint") == [
                "lint", "    not valid, score 2.5 of 10", "      line 3, column 5: F821 Undefined name `x` (error)",
            ])
        #expect(
            try lines(["a": python, "b": ["is_valid": true, "seen": 2, "by": "me"]], of: "lint") == [
                "lint", "    a: not valid, score 2.5 of 10",
                "        line 3, column 5: F821 Undefined name `x` (error)",
                "    b: valid", "        seen: 2", "        by: me",
            ])
        #expect(try lines("odd", of: "lint") == ["lint           odd"])
    }

    @Test func `of an image its format and size are shown`() throws {
        let gif = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
        #expect(try lines([.string(gif)], of: "art") == ["art            GIF image, 42 bytes"])
        #expect(try lines(["images/art/ab.png"], of: "art") == ["art            images/art/ab.png"])
    }

    @Test func `a judge's score has its meaning and its reason`() throws {
        #expect(
            try lines(["Tone": ["score": 2, "reasoning": "It thanks."]], of: "quality") == [
                "quality", "    Tone: 2 (warm)", "      It thanks.",
            ])
    }

    @Test func `of vectors the first numbers are shown`() throws {
        let value: JSONValue = ["embeddings": [[0.5, 1.5, 2.5, 3.5, 4.5]], "num_embeddings": 1, "dimension": 5]
        #expect(
            try lines(value, of: "vector") == [
                "vector", "    1 vector of 5 dimensions", "    [0.5, 1.5, 2.5, 3.5, …]",
            ])
    }

    @Test func `a trace reads as a conversation`() throws {
        let value: JSONValue = [["role": "assistant", "content": [["type": "text", "text": "Fine."]]]]
        #expect(try lines(value, of: "review__trace") == ["review__trace", "    assistant:", "      Fine."])
    }

    @Test func `an answer cannot speak to the terminal`() throws {
        #expect(try lines("\u{1b}[2Jgone", of: "id") == ["id             \\u{1b}[2Jgone"])
    }
}
