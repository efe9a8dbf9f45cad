package import JSON

/// What a model is to answer: what it is told of that, and how its answer is read.
package enum AnswerFormat: Sendable {
    /// Taken as it is.
    case text
    case code(CodeFormat)
    case structured(StructuredFormat)
    case judge(JudgeFormat)

    /// What stands behind the prompt, after a blank line; nil for nothing.
    package var instructions: String? {
        switch self {
        case .text: nil
        case .code(let format): format.instructions
        case .structured(let format): format.instructions
        case .judge(let format): format.instructions
        }
    }

    /// The cell's value from an answer without white space around it. Some 20 µs for 1 KB.
    package func read(_ answer: String) throws(AnswerProblem) -> JSONValue {
        switch self {
        case .text: .string(answer)
        case .code(let format): .string(try format.read(answer))
        case .structured(let format): try format.read(answer)
        case .judge(let format): try format.read(answer)
        }
    }
}
