import Answers
import Inference
import JSON
import JSONSchema
import Messages
import Random

/// What all conversations of a column have in common.
struct AnswerColumn: Sendable {
    enum Trace: Sendable {
        case none
        case lastMessage
        case allMessages
    }

    let format: AnswerFormat
    let maximumRestarts: Int
    let maximumCorrections: Int
    let trace: Trace
    let extractsReasoning: Bool
    private let temperature: SampledParameter?
    private let topP: SampledParameter?

    /// - Throws: a failure of kind `template` for a schema that cannot be used.
    init(_ spec: WireColumnSpec, _ text: WireTextSpec) throws(CallFailure) {
        format = try Self.format(text, column: spec.name)
        maximumRestarts = Int(text.maxRestarts)
        maximumCorrections = Int(text.maxCorrections)
        trace =
            switch text.trace {
            case "last_message": .lastMessage
            case "all_messages": .allMessages
            default: .none
            }
        extractsReasoning = text.extractsReasoning
        let model = spec.model
        temperature =
            model.hasDrawnTemperature
            ? SampledParameter(
                model.drawnTemperature, RandomSource(seed: spec.seed, column: spec.name, purpose: .temperature)) : nil
        topP =
            model.hasDrawnTopP
            ? SampledParameter(model.drawnTopP, RandomSource(seed: spec.seed, column: spec.name, purpose: .topP)) : nil
    }

    /// Drawn anew for every request.
    func draw(record: Int64, restart: UInt32, correction: UInt32) -> DrawnParameters {
        DrawnParameters(
            temperature: temperature?.draw(record, restart, correction),
            topP: topP?.draw(record, restart, correction))
    }

    private static func format(_ text: WireTextSpec, column: String) throws(CallFailure) -> AnswerFormat {
        switch text.answer {
        case nil: return .text
        case .codeLanguage(let language): return .code(CodeFormat(language: language))
        case .schema(let schema):
            do {
                return .structured(try StructuredFormat(schema: JSONValue(parsing: schema, options: .python)))
            } catch {
                throw CallFailure(kind: .template, message: "the output_format of \(column): \(error)")
            }
        case .judge(let judge):
            return .judge(
                JudgeFormat(
                    scores: judge.scores.map { score in
                        JudgeFormat.Score(
                            name: score.name, description: score.description_p,
                            options: score.options.map { ($0.value, $0.meaning) })
                    }))
        }
    }
}

/// A number that is drawn for each request.
struct SampledParameter: Sendable {
    private let number: WireDrawnNumber
    private let source: RandomSource

    init(_ number: WireDrawnNumber, _ source: RandomSource) {
        self.number = number
        self.source = source
    }

    func draw(_ record: Int64, _ restart: UInt32, _ correction: UInt32) -> Double {
        var stream = source.stream(record: record, restart: restart, correction: correction)
        let chance = stream.unit()
        guard let last = number.values.last else { return number.low + (number.high - number.low) * chance }
        guard number.weights.count == number.values.count else {
            return number.values[Int(chance * Double(number.values.count))]
        }
        var reached = 0.0
        for (value, weight) in zip(number.values, number.weights) {
            reached += weight
            if chance < reached { return value }
        }
        return last
    }
}
