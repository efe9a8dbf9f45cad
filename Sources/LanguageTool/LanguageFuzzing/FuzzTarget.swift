import Workflow

/// A part of the language that is fuzzed: how a case is made of a number, and what must hold of it.
package enum FuzzTarget: String, Sendable, CaseIterable {
    /// Templates: parsed and rendered.
    case template
    /// Conditions: bare expressions, parsed and evaluated.
    case expression
    /// Workflow files, loaded and checked.
    case yaml, json
    /// Answers of models, read in every form.
    case answer
    /// JSON Schemas, and values that they judge.
    case schema

    /// Makes and tries the case of a number.
    ///
    /// - Returns: what is wrong, with the case; nil when all is well. A crash or a hang is for the caller to see.
    package func complaint(seed: UInt64, number: UInt64) -> String? {
        var random = random(seed: seed, number: number)
        let source = source(&random)
        let complaint =
            switch self {
            case .template: TemplateCase.complaint(about: source, &random)
            case .expression: ExpressionCase.complaint(about: source)
            case .yaml: WorkflowCase.complaint(about: source, .yaml)
            case .json: WorkflowCase.complaint(about: source, .json)
            case .answer: AnswerCase.complaint(about: source)
            case .schema: SchemaCase.complaint(about: source)
            }
        return complaint.map { "\(rawValue), seed \(seed), case \(number): \($0)\n\(source)" }
    }

    /// The text of the case of a number.
    package func source(seed: UInt64, number: UInt64) -> String {
        var random = random(seed: seed, number: number)
        return source(&random)
    }

    private func random(seed: UInt64, number: UInt64) -> SplitMix {
        var keys = SplitMix(seed: seed ^ number &* 0x9E37_79B9_7F4A_7C15)
        return SplitMix(seed: keys.next())
    }

    private func source(_ random: inout SplitMix) -> String {
        switch self {
        case .template: TemplateMaker.template(&random)
        case .expression: TemplateMaker.expression(&random, depth: 3)
        case .yaml: WorkflowMaker.text(&random, .yaml)
        case .json: WorkflowMaker.text(&random, .json)
        case .answer: AnswerCase.source(&random)
        case .schema: SchemaCase.source(&random)
        }
    }
}
