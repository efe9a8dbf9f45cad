import Answers
import Foundation
import JSON
import Testing

struct AnswerFormatTests {
    private func structured(_ schema: String) throws -> AnswerFormat {
        .structured(try StructuredFormat(schema: JSONValue(parsing: schema)))
    }

    private let judge = AnswerFormat.judge(
        JudgeFormat(scores: [
            JudgeFormat.Score(name: "How good", description: "d", options: [("1", "bad"), ("2", "good")]),
            JudgeFormat.Score(name: "Tone", description: "", options: [("Warm", "w"), ("cold", "c")]),
        ]))

    private func problem(_ format: AnswerFormat, _ answer: String) -> AnswerProblem? {
        do throws(AnswerProblem) {
            _ = try format.read(answer)
            return nil
        } catch {
            return error
        }
    }

    // MARK: Structured

    @Test(arguments: [
        "```json\n{\"a\": 1}\n```", "{\"a\": 1}",
        "Here:\n```json\n{\"a\": 0}\n```\nno:\n~~~json\n{\"a\": 1, 'b': 2,}\n~~~\nbye",
        "<think>\n{\"a\": 9}\n</think>\n```json\n{\"a\": 1}", "```json\nSure: {\"a\": 1\n```",
    ])
    func `an answer is its last json fence, mended, or JSON alone`(answer: String) throws {
        let format = try structured(#"{"properties": {"a": {"type": "integer"}}, "required": ["a"]}"#)
        #expect(try format.read(answer) == ["a": 1])
    }

    @Test(arguments: [
        "Here it is: {\"a\": 1}", "```\n{\"a\": 1}\n```", "```JSON\n{\"a\": 1}\n```", "```jsonc\n{\"a\": 1}\n```",
        "`{\"a\": 1}`", "", "{\"a\": NaN}", "{'a': 1}", "```json\n{\"a\": NaN}\n```",
        "```json\n{\"a\": [{\"b\": 1e999}],\n```",
    ])
    func `other answers have no JSON`(answer: String) throws {
        let format = try structured(#"{"properties": {"a": {}}}"#)
        #expect(problem(format, answer)?.kind == .parse)
    }

    @Test func `a violation goes into the correction and no value into the failure`() throws {
        let format = try structured(#"{"properties": {"age": {"type": "integer", "maximum": 120}}}"#)
        let found = try #require(problem(format, #"{"age": 4711}"#))
        #expect(found.kind == .schema)
        #expect(found.description == "the answer does not match its schema: $.age: maximum")
        #expect(found.correction.contains("4711 is greater than the maximum of 120"))
        #expect(found.correction.contains(#"{"type": "integer", "maximum": 120}"#))
    }

    @Test func `the schema is shown as its author wrote it`() throws {
        let instructions = try #require(try structured(#"{"b":1.0,"a":"é"}"#).instructions)
        #expect(instructions.hasSuffix("<response_schema>\n{\"b\": 1.0, \"a\": \"\\u00e9\"}\n</response_schema>"))
        #expect(instructions.contains("```json"))
    }

    // MARK: Code

    @Test(arguments: [
        ("```python\nx = 1\n```", "x = 1"), ("```\n x\n```", "x"), ("a\n\n    y\n", "y"),
        ("```c\n```\n```python\n  a\n  b\n```", "a\n  b"), ("```python\n```", ""),
    ])
    func `code is the last block`(answer: String, code: String) throws {
        #expect(try AnswerFormat.code(CodeFormat(language: "python")).read(answer) == .string(code))
    }

    @Test(arguments: ["x = 1", "```py\nx\n```", "```Python\nx\n```", "```python\nx\n```\n```c\ny\n```", ""])
    func `code of another language, or none, is none`(answer: String) {
        #expect(problem(.code(CodeFormat(language: "python")), answer)?.kind == .parse)
    }

    @Test func `a dialect is asked for and read as SQL`() throws {
        let format = AnswerFormat.code(CodeFormat(language: "sql:postgres"))
        #expect(try format.read("```sql\nselect 1\n```") == "select 1")
        #expect(problem(format, "```postgresql\nselect 1\n```") != nil)
        #expect(format.instructions?.contains("postgres") == false)
    }

    // MARK: Judges

    private func scores(_ first: String, _ second: String) -> String {
        #"{"How good": {"reasoning": "r", "score": \#(first)}, "Tone": {"reasoning": "", "score": \#(second), "x": 1}, "more": 2}"#
    }

    @Test(arguments: [
        ("2", #""Warm""#, "2", "Warm"), ("2.0", #"" wARM ""#, "2", "Warm"), (#"" 2 ""#, #""COLD""#, "2", "cold"),
        ("true", #""cold""#, "1", "cold"),
    ])
    func `a score is the option that is meant`(first: String, second: String, number: String, word: String) throws {
        let value = try judge.read(scores(first, second))
        #expect(
            value.serialized()
                == #"{"How good":{"reasoning":"r","score":\#(number)},"Tone":{"reasoning":"","score":"\#(word)"}}"#)
    }

    @Test(arguments: [("3", #""Warm""#), ("2", "true"), ("null", #""Warm""#), ("[2]", #""Warm""#), ("2", "2")])
    func `a score that is no option is none`(first: String, second: String) {
        #expect(problem(judge, scores(first, second))?.kind == .schema)
    }

    @Test(arguments: [
        "[]", "{}", #"{"How good": 2, "Tone": "cold"}"#,
        #"{"How good": {"score": 2}, "Tone": {"reasoning": "", "score": "cold"}}"#,
        #"{"How good": {"score": 2, "reasoning": 3}, "Tone": {"reasoning": "", "score": "cold"}}"#,
    ])
    func `every score needs its reasons`(answer: String) {
        #expect(problem(judge, answer)?.kind == .schema)
    }

    @Test func `scores whose names become one word keep their own options`() throws {
        let judge = JudgeFormat(
            scores: [("A b", "1"), ("A-b", "2"), ("A_bEnum", "3")].map { name, option in
                .init(name: name, description: "", options: [(option, "")])
            })
        let text = judge.instructions
        let start = try #require(text.range(of: "<response_schema>\n"))
        let end = try #require(text.range(of: "\n</response_schema>"))
        let schema = try JSONValue(parsing: text[start.upperBound..<end.lowerBound])
        for (name, option) in [("A b", 1), ("A-b", 2), ("A_bEnum", 3)] {
            func definition(_ reference: JSONValue?) -> JSONValue? {
                reference?["$ref"]?.stringValue.flatMap { schema["$defs"]?[String($0.dropFirst("#/$defs/".count))] }
            }
            let score = try #require(definition(schema["properties"]?[name]))
            #expect(score["title"]?.stringValue == name)
            #expect(definition(score["properties"]?["score"])?["enum"] == [.integer(Int64(option))])
        }
    }

    @Test func `a judge is shown what each value means`() throws {
        let text = try #require(judge.instructions)
        let start = try #require(text.range(of: "<response_schema>\n"))
        let end = try #require(text.range(of: "\n</response_schema>"))
        let schema = try JSONValue(parsing: text[start.upperBound..<end.lowerBound])
        #expect(schema["title"] == "JudgeStructuredOutput")
        #expect(schema["required"] == ["How good", "Tone"])
        #expect(schema["properties"]?["How good"] == ["$ref": "#/$defs/How_good"])
        #expect(schema["$defs"]?["How_goodEnum"]?["enum"] == [1, 2])
        #expect(schema["$defs"]?["ToneEnum"]?["enum"] == ["Warm", "cold"])
        let meanings = schema["$defs"]?["How_good"]?["properties"]?["score"]?["description"]?.stringValue
        #expect(meanings?.hasSuffix("* 1: bad\n* 2: good") == true)
    }
}
