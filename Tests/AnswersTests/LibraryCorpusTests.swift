import Answers
import Foundation
import JSON
import JSONSchema
import Testing

/// What Data Designer 0.9.6 itself makes of answers (scripts/answers-oracle.py wrote it down).
struct LibraryCorpusTests {
    private static func corpus() throws -> JSONValue {
        let url = try #require(Bundle.module.url(forResource: "Corpus/answers", withExtension: "json"))
        return try JSONValue(parsing: Array(Data(contentsOf: url)))
    }

    private func read(_ format: AnswerFormat, _ answer: String) -> JSONValue? {
        do throws(AnswerProblem) { return try format.read(answer) } catch { return Optional.none }
    }

    /// As values of JSON Schema are compared: the library keeps 3.0 as it is, and so does Tessera.
    private func check(_ cases: JSONValue?, _ format: (JSONValue) throws -> AnswerFormat) throws -> [String] {
        var different: [String] = []
        for example in cases?.arrayValue ?? [] {
            let answer = try #require(example["answer"]?.stringValue)
            let value = try read(format(example), answer)
            if value != example["value"] {
                let (ours, theirs) = (value?.serialized() ?? "refused", example["value"]?.serialized() ?? "refused")
                different.append(
                    "\(example["schema"]?.intValue ?? -1): \(answer.debugDescription)\n  \(ours) for \(theirs)")
            }
        }
        return different
    }

    @Test func `structured answers are read as the library reads them`() throws {
        let corpus = try Self.corpus()
        let formats = try (corpus["schemas"]?.arrayValue ?? []).map {
            AnswerFormat.structured(try StructuredFormat(schema: $0))
        }
        let different = try check(corpus["structured"]) { formats[$0["schema"]?.intValue ?? 0] }
        #expect(different == [], "\(different.count)")
    }

    @Test func `code is read as the library reads it`() throws {
        let format = AnswerFormat.code(CodeFormat(language: "python"))
        #expect(try check(Self.corpus()["code"]) { _ in format } == [])
    }
}
