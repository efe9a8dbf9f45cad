import Answers
import JSON
import JSONSchema

/// A model's answer is read or refused, alike twice, whatever it is; what was read can be written and read again.
enum AnswerCase {
    private static let pieces: [String] = [
        "```json\n", "```\n", "~~~", "```", "\n", "> ", "- ", "1. ", "    ", "\t", "<div>", "<!--", "-->", "# ", "{",
        "}", "[", "]", ":", ",", "\"", "'", "“", "”", "\\", "\\u00e9", "\\ud83d", "a", "name", "age", " ", "1", "-",
        ".5",
        "1e9", "1e999", "null", "True", "NaN", "//", "/*", "*/", "#", "\u{0}", "é", "👍🏽", "\r\n",
        "{\"name\": \"x\", \"age\": 1}", "\"name\": ", "...", "`", "</think>", "\u{2028}", "```python\n", "[[", "]]",
        "{{",
        "}}", "0.1", "\"a\": {", "\u{feff}", "\t\t",
    ]
    private static let schemas = [
        #"{"type": "object", "properties": {"name": {"type": "string", "pattern": "^(a+)+$"}, "age": {"multipleOf": 0.1}}, "required": ["age"]}"#,
        ##"{"$defs": {"n": {"anyOf": [{"type": "array", "items": {"$ref": "#/$defs/n"}}, {"oneOf": [{"type": "string"}, {"type": "object", "properties": {"a": {"$ref": "#/$defs/n"}}, "unevaluatedProperties": false}]}, {"type": "number"}]}}, "$ref": "#/$defs/n"}"##,
        #"{"type": ["array", "object"], "uniqueItems": true, "contains": {"type": "integer"}, "propertyNames": {"maxLength": 5}, "minProperties": 1}"#,
    ]
    private static let formats: [AnswerFormat] = {
        let structured = schemas.compactMap { text in
            (try? JSONValue(parsing: text)).flatMap { try? StructuredFormat(schema: $0) }.map(AnswerFormat.structured)
        }
        let judge = JudgeFormat(scores: [
            .init(name: "name", description: "", options: [("1", ""), ("2", "")]),
            .init(name: "age", description: "", options: [("a", "")]),
        ])
        return structured + [.judge(judge), .code(CodeFormat(language: "python"))]
    }()
    /// Answers that could be used, to be damaged.
    private static let good = [
        "```json\n{\"name\": \"aaa\", \"age\": 0.3}\n```", "{\"name\": {\"reasoning\": \"r\", \"score\": 1}}",
        "Text.\n\n```python\nprint(1)\n```\n\nMore.", "```json\n[[\"a\", {\"a\": [1, \"b\"]}], 2]\n```",
        "> ```json\n> {\"age\": 1,\n> \"name\": 'x',}\n> ```",
    ]

    static func source(_ random: inout SplitMix) -> String {
        if random.oneIn(2) { return Mutation.mutated(random.pick(good), &random) }
        var answer = ""
        for _ in 0..<random.below(41) { answer += random.pick(pieces) }
        return answer
    }

    static func complaint(about answer: String) -> String? {
        for (place, format) in formats.enumerated() {
            let first = outcome(format, answer)
            guard first == outcome(format, answer) else { return "two outcomes of format \(place)" }
            switch first {
            case .success(let value):
                guard let again = try? JSONValue(parsing: value.serialized(), options: .python), again == value else {
                    return "what format \(place) read cannot be written and read again"
                }
            case .failure(let problem):
                if problem.description.isEmpty || problem.description.utf8.count > 2000 {
                    return "a problem of format \(place) without words, or with too many"
                }
            }
        }
        return nil
    }

    private static func outcome(_ format: AnswerFormat, _ answer: String) -> Result<JSONValue, AnswerProblem> {
        do throws(AnswerProblem) { return .success(try format.read(answer)) } catch { return .failure(error) }
    }
}
