import JSON
import Random
import Workflow

extension SamplerDraw {
    /// Prepares parameters; `places` holds the samplers drawn before by name. Nil for what is not drawn here.
    init?(_ parameters: SamplerParameters, places: [String: Int], source: RandomSource) {
        switch parameters {
        case .category(let values, let weights):
            guard !values.isEmpty else { return nil }
            self = .category(values: CategoryTyping.typed(values), cumulative: weights.map(Self.cumulative))
        case .subcategory(let parent, let choices):
            guard let place = places[parent], choices.allSatisfy({ !$0.values.isEmpty }) else { return nil }
            let lists = choices.map { ($0.parentValue, CategoryTyping.typed($0.values)) }
            self = .subcategory(parent: place, lists: Dictionary(lists) { _, last in last })
        case .uniform(let low, let high, _): self = .uniform(low: low, high: high)
        case .gaussian(let mean, let deviation, _): self = .gaussian(mean: mean, deviation: deviation)
        case .bernoulli(let p): self = .bernoulli(p: p)
        case .bernoulliMixture(let p, let distribution):
            guard let draw = ScipyDraw(distribution) else { return nil }
            self = .bernoulliMixture(p: p, draw)
        case .binomial(let n, let p): self = .binomial(n: Double(n), p: p)
        case .poisson(let mean): self = .poisson(mean: mean)
        case .scipy(let distribution, _):
            guard let draw = ScipyDraw(distribution) else { return nil }
            self = .scipy(draw)
        case .datetime(let parameters):
            guard let start = CivilTime(parsing: parameters.start), let end = CivilTime(parsing: parameters.end),
                start < end
            else { return nil }
            self = .datetime(start: start.seconds, end: end.seconds, unit: parameters.unit)
        case .timedelta(let parameters):
            guard let place = places[parameters.referenceColumn], parameters.minimum < parameters.maximum else {
                return nil
            }
            self = .timedelta(
                reference: place, minimum: Int64(parameters.minimum), maximum: Int64(parameters.maximum),
                unitSeconds: parameters.unit.seconds)
        case .uuid(let prefix, let isShort, let isUppercase):
            self = .uuid(UUIDDraw(prefix: prefix, isShort: isShort, isUppercase: isUppercase, source: source))
        case .personFromFaker(let parameters):
            guard let draw = PersonDraw(parameters) else { return nil }
            self = .person(draw)
        case .person: return nil
        }
    }

    /// Sums of the weights up to each, as parts of the whole.
    private static func cumulative(_ weights: [Double]) -> [Double] {
        var sum = 0.0
        let sums = weights.map { weight in
            sum += weight
            return sum
        }
        return sums.map { $0 / sum }
    }
}

extension SamplerParameters {
    var decimalPlaces: Int? {
        switch self {
        case .uniform(_, _, let places), .gaussian(_, _, let places), .scipy(_, let places): places
        default: nil
        }
    }
}
