package import JSON
import Spelling

/// The distributions of scipy.stats that Tessera draws.
package enum ScipyDistribution: String, Sendable, CaseIterable {
    case norm, uniform, expon, gamma, beta, lognorm, poisson, binom, geom, t, chi2, triang
    case weibullMin = "weibull_min"
    case pareto

    package var isDiscrete: Bool {
        switch self {
        case .poisson, .binom, .geom: true
        default: false
        }
    }

    /// The shape arguments that have no default.
    package var shapes: [String] {
        switch self {
        case .norm, .uniform, .expon: []
        case .gamma: ["a"]
        case .beta: ["a", "b"]
        case .lognorm: ["s"]
        case .poisson: ["mu"]
        case .binom: ["n", "p"]
        case .geom: ["p"]
        case .t, .chi2: ["df"]
        case .triang, .weibullMin: ["c"]
        case .pareto: ["b"]
        }
    }

    /// The argument with its default; nil when it is missing or no number.
    package func argument(_ name: String, of arguments: JSONObject) -> Double? {
        guard let value = arguments[name], !value.isNull else { return name == "loc" ? 0 : name == "scale" ? 1 : nil }
        return value.doubleValue
    }

    struct Fault {
        let key: String?
        let message: String
        let suggestion: String?
    }

    /// What is wrong with the arguments, by scipy's own conditions.
    func faults(in arguments: JSONObject) -> [Fault] {
        let names = shapes + ["loc"] + (isDiscrete ? [] : ["scale"])
        var faults: [Fault] = []
        for (key, _) in arguments where !names.contains(key) {
            faults.append(
                Fault(
                    key: key, message: "is no argument of \(rawValue), which takes \(names.joined(separator: ", "))",
                    suggestion: Suggestion.sentence(for: key, among: names)))
        }
        for name in names {
            guard let value = argument(name, of: arguments) else {
                let isMissing = arguments[name]?.isNull != false
                faults.append(
                    Fault(
                        key: isMissing ? nil : name, message: isMissing ? "needs \(name)" : "must be a number",
                        suggestion: nil))
                continue
            }
            if let condition = violation(name, value) {
                faults.append(Fault(key: name, message: "must be \(condition), not \(value)", suggestion: nil))
            }
        }
        return faults
    }

    private func violation(_ name: String, _ value: Double) -> String? {
        guard value.isFinite else { return "finite" }
        switch (self, name) {
        case (.poisson, "loc"), (.binom, "loc"), (.geom, "loc"):
            return value == value.rounded() && abs(value) < 0x1p53 ? nil : "an integer"
        case (_, "loc"): return nil
        case (.poisson, "mu"): return value >= 0 ? nil : "at least 0"
        case (.binom, "n"): return value >= 0 && value == value.rounded() ? nil : "an integer of at least 0"
        case (.binom, "p"): return (0...1).contains(value) ? nil : "within 0 and 1"
        case (.geom, "p"): return value > 0 && value <= 1 ? nil : "above 0 and at most 1"
        case (.triang, "c"): return (0...1).contains(value) ? nil : "within 0 and 1"
        default: return value > 0 ? nil : "above 0"
        }
    }
}
