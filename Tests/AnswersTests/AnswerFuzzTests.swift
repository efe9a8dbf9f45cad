import Answers
import Foundation
import JSON
import JSONSchema
import Testing

/// Random answers: nothing crashes, nothing hangs. `FUZZ_CASES` sets how many (10,000 in the suite), `FUZZ_SEED` where
/// they begin.
struct AnswerFuzzTests {
    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = state
            z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
            return z ^ z >> 31
        }
    }

    private static let pieces: [String] = [
        "```json\n", "```\n", "~~~", "```", "\n", "> ", "- ", "1. ", "    ", "\t", "<div>", "<!--", "-->", "# ", "{",
        "}", "[", "]", ":", ",",
        "\"", "'", "“", "”", "\\", "\\u00e9", "\\ud83d", "a", "name", "age", " ", "1", "-", ".5", "1e9", "1e999",
        "null", "True", "NaN", "//", "/*", "*/",
        "#", "\u{0}", "é", "👍🏽", "\r\n", "{\"name\": \"x\", \"age\": 1}", "\"name\": ", "...", "`", "</think>",
        "\u{2028}",
    ]
    private static let schemas = [
        #"{"type": "object", "properties": {"name": {"type": "string", "pattern": "^(a+)+$"}, "age": {"multipleOf": 0.1}}, "required": ["age"]}"#,
        ##"{"$defs": {"n": {"anyOf": [{"type": "array", "items": {"$ref": "#/$defs/n"}}, {"oneOf": [{"type": "string"}, {"type": "object", "properties": {"a": {"$ref": "#/$defs/n"}}, "unevaluatedProperties": false}]}, {"type": "number"}]}}, "$ref": "#/$defs/n"}"##,
        #"{"type": ["array", "object"], "uniqueItems": true, "contains": {"type": "integer"}, "propertyNames": {"maxLength": 5}, "minProperties": 1}"#,
    ]

    @Test func `random answers are read or refused`() throws {
        let environment = ProcessInfo.processInfo.environment
        let cases = environment["FUZZ_CASES"].flatMap { Int($0) } ?? 10_000
        let seed = environment["FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
        let formats = try Self.schemas.map {
            AnswerFormat.structured(try StructuredFormat(schema: JSONValue(parsing: $0)))
        }
        let judge = AnswerFormat.judge(
            JudgeFormat(scores: [.init(name: "name", description: "", options: [("1", "")])]))
        let all = formats + [judge, .code(CodeFormat(language: "python"))]
        for number in 0..<cases {
            var random = SplitMix(state: seed &+ UInt64(number) &* 0x1000_0001)
            let count = Int.random(in: 0...40, using: &random)
            var answer = ""
            for _ in 0..<count { answer += Self.pieces.randomElement(using: &random) ?? "" }
            for format in all {
                do throws(AnswerProblem) {
                    let value = try format.read(answer)
                    // What was read can be written and read again.
                    _ = try? JSONValue(parsing: value.serialized())
                } catch {
                    #expect(error.description.utf8.count < 2000, "seed \(seed), case \(number)")
                }
            }
        }
    }
}
