import JSON
import Templates
import Workflow

/// A branch of a conditional sampler with the condition for taking it.
struct ConditionalBranch: Sendable {
    enum Outcome: Sendable {
        /// The condition prints as True.
        case taken
        /// It is true in Python's sense, but something else: a record with it gets neither this branch nor the default.
        case `true`
        case `false`
    }

    private struct Slot: Sendable {
        let place: Int
        let isTime: Bool
    }

    let text: String
    let branch: SamplerBranch
    private let expression: TemplateExpression
    /// By the expression's slots; nil for names of functions.
    private let slots: [Slot?]

    init(_ condition: SamplerColumn.Condition, branch: SamplerBranch, drawn: DrawnSamplers) {
        text = condition.text
        self.branch = branch
        expression = condition.expression
        slots = condition.expression.slotNames.map { name in
            drawn.places[name].map { Slot(place: $0, isTime: drawn.times.contains($0)) }
        }
    }

    /// What the condition says, given the values of the samplers drawn before; times are seen as ISO text.
    func outcome(row: (Int) -> JSONValue) throws(TemplateError) -> Outcome {
        let values = slots.map { slot -> TemplateValue? in
            guard let slot else { return nil }
            let value = row(slot.place)
            if slot.isTime, case .integer(let seconds) = value {
                return TemplateValue(CivilTime(seconds: seconds).isoText)
            }
            return TemplateValue(value)
        }
        let value = try expression.evaluate(values)
        return value.text == "True" ? .taken : value.isTrue ? .true : .false
    }
}
