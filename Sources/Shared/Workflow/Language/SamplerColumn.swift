package import Templates

/// A column that is drawn at random.
package struct SamplerColumn: Sendable, Hashable {
    /// The file's `sampler_type`.
    package let type: SamplerType
    package let parameters: SamplerParameters
    /// Parameters for the records that meet a condition, in file order: the last that matches wins.
    package let conditions: [Condition]
    /// `int`, `float`, `str`, or an strftime pattern; nil for none.
    package let conversion: String?

    package struct Condition: Sendable, Hashable {
        /// An expression as in a template, without braces.
        package let text: String
        package let expression: TemplateExpression
        package let names: [String]
        package let parameters: SamplerParameters

        package static func == (left: Condition, right: Condition) -> Bool {
            left.text == right.text && left.parameters == right.parameters
        }

        package func hash(into hasher: inout Hasher) {
            hasher.combine(text)
            hasher.combine(parameters)
        }
    }

    /// The sampler columns that must be drawn before this one, constraints aside.
    package var references: [String] {
        var names: [String] = []
        for parameters in [parameters] + conditions.map(\.parameters) {
            switch parameters {
            case .subcategory(let parent, _): names.append(parent)
            case .timedelta(let parameters): names.append(parameters.referenceColumn)
            default: break
            }
        }
        return (names + conditions.flatMap(\.names)).uniqued()
    }
}

package enum SamplerType: String, Sendable, Hashable, CaseIterable {
    case category, subcategory, uniform, gaussian, bernoulli
    case bernoulliMixture = "bernoulli_mixture"
    case binomial, poisson, scipy, datetime, timedelta, uuid, person
    case personFromFaker = "person_from_faker"

    /// `a uniform sampler's params`: what messages call them. No type begins with the sound of a vowel.
    var parametersKind: String { "a \(rawValue) sampler's params" }

    /// Whether its values are numbers by nature.
    package var isNumeric: Bool {
        switch self {
        case .uniform, .gaussian, .bernoulli, .bernoulliMixture, .binomial, .poisson, .scipy: true
        default: false
        }
    }
}
