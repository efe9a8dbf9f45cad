// Rounding is a call into libm, which this import links.
import Glibc
import JSON
import Random
import Workflow

/// A distribution of scipy.stats with its arguments.
struct ScipyDraw: Sendable {
    private let distribution: ScipyDistribution
    private let first: Double
    private let second: Double
    private let location: Double
    private let scale: Double

    var isDiscrete: Bool { distribution.isDiscrete }

    /// Nil for a distribution that is not drawn here, or arguments that are missing.
    init?(_ parameters: SamplerParameters.Distribution) {
        guard let distribution = ScipyDistribution(rawValue: parameters.name),
            let location = distribution.argument("loc", of: parameters.arguments),
            let scale = distribution.argument("scale", of: parameters.arguments)
        else { return nil }
        let shapes = distribution.shapes.compactMap { distribution.argument($0, of: parameters.arguments) }
        guard shapes.count == distribution.shapes.count else { return nil }
        self.distribution = distribution
        self.location = location
        self.scale = scale
        first = shapes.first ?? 0
        second = shapes.count > 1 ? shapes[1] : 0
    }

    func value(_ stream: inout RandomStream) -> JSONValue {
        let value = standard(&stream)
        return isDiscrete ? .integer((value + location).wholeNumber) : .number((location + scale * value).clamped)
    }

    private func standard(_ stream: inout RandomStream) -> Double {
        switch distribution {
        case .norm: stream.normal()
        case .uniform: stream.unit()
        case .expon: stream.exponential()
        case .gamma: stream.gamma(shape: first)
        case .beta: stream.beta(first, second)
        case .lognorm: PortableMath.exp(first * stream.normal())
        case .poisson: stream.poisson(mean: first)
        case .binom: stream.binomial(trials: first, second)
        case .geom: stream.geometric(first)
        case .t: stream.student(degrees: first)
        case .chi2: stream.chiSquare(degrees: first)
        case .triang: stream.triangular(peak: first)
        case .weibullMin: stream.weibull(shape: first)
        case .pareto: stream.pareto(shape: first)
        }
    }
}
