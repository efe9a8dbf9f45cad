import JSON
import Templates

/// A template must render alike twice, within its limits, or fail at a place.
enum TemplateCase {
    static let context: JSONObject = [
        "a": "text", "b": true, "x": 7, "l": [3, "b", nil, 2.5], "d": ["k": [1, 2], "z": "q"], "t": "Ünï <b>",
    ]
    static let limits = RenderLimits(steps: 20_000, bytes: 1 << 16, elements: 20_000)
    private static let options = [
        RenderOptions(undefined: .lenient, limits: limits), RenderOptions(undefined: .strict, limits: limits),
        RenderOptions(output: .json, undefined: .lenient, limits: limits), RenderOptions(limits: limits),
    ]

    static func complaint(about source: String, _ random: inout SplitMix) -> String? {
        let template: Template
        do throws(TemplateError) {
            template = try Template(parsing: source)
        } catch {
            return FailedCase.complaint(about: error)
        }
        let options = random.pick(options)
        let isNative = random.oneIn(6)
        let first = outcome(template, options, isNative)
        guard first == outcome(template, options, isNative) else { return "two outcomes" }
        switch first {
        case .success(let text): return text.utf8.count > limits.bytes && !isNative ? "too long a text" : nil
        case .failure(let error): return FailedCase.complaint(about: error)
        }
    }

    private static func outcome(
        _ template: Template, _ options: RenderOptions, _ isNative: Bool
    ) -> Result<String, TemplateError> {
        var state = SplitMix(seed: 1)
        do throws(TemplateError) {
            if isNative {
                return .success(
                    try template.renderNative(context, options: options, random: { state.next() }).text ?? "")
            }
            return .success(try template.render(context, options: options, random: { state.next() }))
        } catch {
            return .failure(error)
        }
    }
}

/// An expression must have the same value twice, or fail at a place.
enum ExpressionCase {
    static func complaint(about source: String) -> String? {
        do throws(TemplateError) {
            let expression = try TemplateExpression(parsing: source)
            let options = RenderOptions(undefined: .lenient, limits: TemplateCase.limits)
            var state = SplitMix(seed: 1)
            let first = try expression.evaluate(TemplateCase.context, options: options) { state.next() }
            state = SplitMix(seed: 1)
            let second = try expression.evaluate(TemplateCase.context, options: options) { state.next() }
            return first.text == second.text ? nil : "two values"
        } catch {
            return FailedCase.complaint(about: error)
        }
    }
}

/// What every failure of a template must say.
enum FailedCase {
    static func complaint(about error: TemplateError) -> String? {
        error.reason.isEmpty || error.line < 1 || error.column < 1 ? "a failure without reason or place: \(error)" : nil
    }
}
