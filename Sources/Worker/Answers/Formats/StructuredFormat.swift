package import JSON
package import JSONSchema

/// JSON that matches a schema, in a ```json fence or alone.
package struct StructuredFormat: Sendable {
    private let schema: JSONSchema
    package let instructions: String

    /// - Throws: `SchemaError` for a schema that cannot be used.
    package init(schema: JSONValue) throws(SchemaError) {
        self.schema = try JSONSchema(schema, options: .pruning)
        instructions = Self.instructions(schema)
    }

    static func instructions(_ schema: JSONValue) -> String {
        """
        * Answer in JSON.
        * Put the JSON into a Markdown fence: ```json
        * It must follow the JSON Schema that stands between the <response_schema> tags.

        <response_schema>
        \(schema.serialized(.python))
        </response_schema>
        """
    }

    func read(_ answer: String) throws(AnswerProblem) -> JSONValue {
        var value = try Self.json(answer)
        guard let violation = schema.accept(&value) else { return value }
        throw Self.problem(violation)
    }

    /// The last ```json block, mended where it is broken; else the whole answer, which must be JSON then.
    static func json(_ answer: String) throws(AnswerProblem) -> JSONValue {
        // Most answers are one fence, or nothing but JSON.
        if let block = MarkdownReader.codeBlocks(of: answer).last(where: { $0.language == "json" }) {
            guard let value = RepairingJSONReader.read(block.code.strippedAsPython) else {
                throw AnswerProblem(.parse, "the JSON of the answer is nested too deeply")
            }
            // It would be null in the data, whatever the schema wants there.
            if value.holdsNoNumber {
                throw AnswerProblem(.parse, "the answer holds NaN or an infinite number, for which JSON has no form")
            }
            return value
        }
        do throws(JSONError) {
            return try JSONValue(parsing: answer)
        } catch {
            throw AnswerProblem(
                .parse,
                "the answer has no JSON: expected a block fenced as ```json, or an answer that is JSON and nothing else"
            )
        }
    }

    private static func problem(_ violation: SchemaViolation) -> AnswerProblem {
        AnswerProblem(
            .schema, "the answer does not match its schema: \(violation.place): \(violation.keyword)",
            correction: """
                The answer does not match the requested <response_schema>.
                \(violation)

                The part of the schema that is not met:
                \(shortened(violation.schema))

                What was answered there:
                \(shortened(violation.instance))
                """)
    }

    private static func shortened(_ value: JSONValue) -> String {
        let text = value.serialized(.pythonUnicode)
        return text.utf8.count > 4000 ? text.prefix(4000) + "..." : text
    }
}

extension JSONValue {
    /// Whether any number in it is none, or infinite.
    fileprivate var holdsNoNumber: Bool {
        switch self {
        case .number(let number): !number.isFinite
        case .array(let elements): elements.contains(where: \.holdsNoNumber)
        case .object(let object): object.contains { $0.value.holdsNoNumber }
        default: false
        }
    }
}
