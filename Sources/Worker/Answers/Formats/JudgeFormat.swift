import JSON

/// The scores of a judge: for each a value of its options, and the reasons for it.
package struct JudgeFormat: Sendable {
    package struct Score: Sendable {
        package let name: String
        package let description: String
        /// Values with what they mean.
        package let options: [(value: String, meaning: String)]

        package init(name: String, description: String, options: [(value: String, meaning: String)]) {
            self.name = name
            self.description = description
            self.options = options
        }
    }

    private struct Question: Sendable {
        let name: String
        let options: [JSONValue]
        /// The options as they are compared.
        let folded: [String]
    }

    private let questions: [Question]
    package let instructions: String

    /// Options that are all integers are integers: a file holds them as texts, their author wrote numbers. Of scores of
    /// one name the last counts.
    package init(scores: [Score]) {
        var unique: [Score] = []
        for score in scores {
            unique.removeAll { $0.name == score.name }
            unique.append(score)
        }
        let questions = unique.map { score in
            let integers = score.options.map { Int64($0.value) }
            let areIntegers = zip(integers, score.options).allSatisfy { $0.map { "\($0)" } == $1.value }
            let options: [JSONValue] = zip(integers, score.options).map { integer, option in
                if areIntegers, let integer { .integer(integer) } else { .string(option.value) }
            }
            return Question(name: score.name, options: options, folded: options.map(Self.folded))
        }
        self.questions = questions
        instructions = StructuredFormat.instructions(Self.schema(unique, questions))
    }

    // MARK: Reading

    /// An object with a member for each score, in their order: `{"Score": {"reasoning": ..., "score": ...}}`.
    func read(_ answer: String) throws(AnswerProblem) -> JSONValue {
        let value = try StructuredFormat.json(answer)
        guard let object = value.objectValue else {
            throw AnswerProblem(.schema, "the answer must be an object with a member for each score")
        }
        var scores = JSONObject()
        for question in questions {
            guard let given = object[question.name]?.objectValue else {
                throw AnswerProblem(.schema, "the answer has no object \"\(question.name)\"")
            }
            guard let reasoning = given["reasoning"]?.stringValue else {
                throw AnswerProblem(.schema, "the score \"\(question.name)\" has no \"reasoning\" that is a text")
            }
            guard let score = given["score"] else {
                throw AnswerProblem(.schema, "the score \"\(question.name)\" has no \"score\"")
            }
            guard let option = Self.option(score, of: question) else {
                let known = question.options.map { $0.serialized() }.joined(separator: ", ")
                throw AnswerProblem(
                    .schema, "the \"score\" of \"\(question.name)\" is none of its options: \(known)",
                    correction:
                        "The \"score\" of \"\(question.name)\" is \(score.serialized()), which is none of: \(known)")
            }
            scores[question.name] = ["reasoning": .string(reasoning), "score": option]
        }
        return .object(scores)
    }

    /// The option that is meant: equal, or the only one that is equal but for case, white space and the kind of number.
    private static func option(_ score: JSONValue, of question: Question) -> JSONValue? {
        let value: JSONValue
        switch score {
        // As in Python, true is 1; it is never a text's.
        case .bool(let isTrue):
            value = .integer(isTrue ? 1 : 0)
            return question.options.first { $0 == value }
        case .number(let number): value = Int64(exactly: number).map { .integer($0) } ?? score
        default: value = score
        }
        if let exact = question.options.first(where: { $0 == value }) { return exact }
        guard value.arrayValue == nil, value.objectValue == nil else { return Optional.none }
        let wanted = folded(value)
        let places = question.folded.indices.filter { question.folded[$0] == wanted }
        guard places.count == 1 else { return Optional.none }
        return question.options[places[0]]
    }

    private static func folded(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text.strippedAsPython.lowercased()
        case .null: "none"
        default: value.serialized().lowercased()
        }
    }

    // MARK: The schema

    private static func schema(_ scores: [Score], _ questions: [Question]) -> JSONValue {
        var definitions: [(String, JSONValue)] = []
        var properties = JSONObject()
        var taken: Set<String> = []
        for (score, question) in zip(scores, questions) {
            // Names of several scores may become the same word: each keeps a definition of its own.
            var name = wordName(score.name)
            while taken.contains(name) || taken.contains("\(name)Enum") { name += "_" }
            taken.formUnion([name, "\(name)Enum"])
            properties[score.name] = ["$ref": .string("#/$defs/\(name)")]
            let areIntegers = question.options.allSatisfy { if case .integer = $0 { true } else { false } }
            definitions.append(
                (
                    "\(name)Enum",
                    [
                        "enum": .array(question.options), "title": .string("\(score.name)Enum"),
                        "type": areIntegers ? "integer" : "string",
                    ]
                ))
            definitions.append((name, definition(score, name)))
        }
        return [
            "$defs": .object(JSONObject(definitions).sortedByKey),
            "description": .string("The scores: \(scores.map(\.name).joined(separator: ", "))."),
            "properties": .object(properties), "required": .array(properties.keys.map { .string($0) }),
            "title": "JudgeStructuredOutput", "type": "object",
        ]
    }

    private static func definition(_ score: Score, _ name: String) -> JSONValue {
        var definition = JSONObject()
        if !score.description.isEmpty { definition["description"] = .string(score.description) }
        let meanings = score.options.map { "* \($0.value): \($0.meaning)" }.joined(separator: "\n")
        definition["properties"] = [
            "reasoning": ["description": "Why this score is given.", "title": "Reasoning", "type": "string"],
            "score": [
                "$ref": .string("#/$defs/\(name)Enum"), "description": .string("What each value means:\n\(meanings)"),
            ],
        ]
        definition["required"] = ["reasoning", "score"]
        definition["title"] = .string(score.name)
        definition["type"] = "object"
        return .object(definition)
    }

    /// Every character that is not of a word becomes an underscore.
    private static func wordName(_ name: String) -> String {
        String(name.map { $0.isLetter || $0.isNumber || $0 == "_" ? $0 : "_" })
    }
}
