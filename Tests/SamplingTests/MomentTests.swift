import Foundation
import JSON
import Testing
import Workflow

@testable import Sampling

/// Moments and quantiles of scipy 1.17.1's own distributions: `d.stats(moments="mvk")`, `d.ppf([.001, .01, .99,
/// .999])`.
struct MomentTests {
    struct Moments: Sendable, CustomTestStringConvertible {
        let name: String
        let arguments: String
        let mean: Double
        let variance: Double
        /// Excess; infinite or not a number where the variance of the sample's variance is no figure.
        let kurtosis: Double
        let tails: [Double]

        var testDescription: String { "\(name) \(arguments)" }

        init(
            name: String, arguments: String, mean: Double, variance: Double, fourth: Double, tails: [Double]
        ) {
            self.name = name
            self.arguments = arguments
            self.mean = mean
            self.variance = variance
            kurtosis = fourth
            self.tails = tails
        }
    }

    private static let count = 40_000

    private func draw(_ figures: Moments) throws -> [Double] {
        let text = """
            columns:
              - {name: x, column_type: sampler, sampler_type: scipy, params: {dist_name: \(figures.name), dist_params: \(figures.arguments)}}
            """
        let workflow = try #require(Workflow.load(text: text, name: "f", format: .yaml, capabilities: nil).workflow)
        let drawn = try Sampler(workflow: workflow, seed: 11).draw(records: 0..<Int64(Self.count))
        return drawn.values[0].compactMap(\.doubleValue)
    }

    @Test(arguments: figures) func `mean and variance are scipy's`(figures: Moments) throws {
        let (mean, variance) = moments(try draw(figures))
        let count = Double(Self.count)
        #expect(abs(mean - figures.mean) < 4.5 * (figures.variance / count).squareRoot())
        guard figures.kurtosis.isFinite else { return }
        #expect(abs(variance - figures.variance) < 5 * figures.variance * ((figures.kurtosis + 2) / count).squareRoot())
    }

    /// Kolmogorov-Smirnov at scipy's quantiles, the far tails included: one in 100,000 is 2.47 / sqrt(n).
    @Test(arguments: figures) func `the distance from scipy's distribution is that of chance`(figures: Moments) throws {
        let values = try draw(figures).sorted()
        let edges =
            ScipyFigures.continuous.first { $0.name == figures.name && $0.arguments == figures.arguments }?.edges ?? []
        #expect(edges.count == 19)
        let points =
            zip(edges, (1...19).map { Double($0) / 20 }).map { ($0, $1) }
            + zip(figures.tails, [0.001, 0.01, 0.99, 0.999]).map { ($0, $1) }
        for (edge, probability) in points {
            let below = values.count { $0 <= edge }
            let distance = abs(Double(below) / Double(values.count) - probability)
            #expect(distance < 2.47 / Double(values.count).squareRoot(), "at \(probability)")
            // And closer in the tails, where the binomial deviation is small.
            let deviation = (probability * (1 - probability) / Double(values.count)).squareRoot()
            #expect(distance < 5 * deviation, "at \(probability)")
        }
    }

    @Test(arguments: ["Y", "M", "D", "h", "m", "s"])
    func `a datetime is a uniform second, cut down to its unit`(unit: String) throws {
        let text = """
            columns:
              - {name: x, column_type: sampler, sampler_type: datetime, params: {start: "2019-03-05", end: "2023-03-05", unit: \(unit)}}
            """
        let workflow = try #require(Workflow.load(text: text, name: "f", format: .yaml, capabilities: nil).workflow)
        let drawn = try Sampler(workflow: workflow, seed: 4).draw(records: 0..<20_000).values[0]
        let suffix = [
            "Y": "-01-01T00:00:00", "M": "-01T00:00:00", "D": "T00:00:00", "h": ":00:00", "m": ":00", "s": "",
        ]
        var years = [Int](repeating: 0, count: 5)
        for value in drawn {
            let text = value.stringValue ?? ""
            if text.count != 19 || !text.hasSuffix(suffix[unit] ?? "?") {
                Issue.record("\(text)")
                return
            }
            years[(Int(text.prefix(4)) ?? 0) - 2019] += 1
        }
        // Days of each year in the range.
        let days = [302.0, 366, 365, 365, 63]
        expectChiSquare(years, probabilities: days.map { $0 / 1461 })
    }

    @Test func `figures beyond an integer are the largest there is`() throws {
        let text = """
            columns:
              - {name: g, column_type: sampler, sampler_type: scipy, params: {dist_name: geom, dist_params: {p: 1.0e-300}}}
              - {name: p, column_type: sampler, sampler_type: poisson, params: {mean: 1.0e+30}}
            """
        let workflow = try #require(Workflow.load(text: text, name: "f", format: .yaml, capabilities: nil).workflow)
        let drawn = try Sampler(workflow: workflow, seed: 4).draw(records: 0..<20)
        #expect(drawn.values.joined().allSatisfy { $0 == .integer(.max) })
    }

    static let figures = [
        Moments(
            name: "norm", arguments: #"{"loc": 3, "scale": 2}"#, mean: 3, variance: 4, fourth: 0,
            tails: [-3.18046461234, -1.65269574808, 7.65269574808, 9.18046461234]),
        Moments(
            name: "uniform", arguments: #"{"loc": -1, "scale": 4}"#, mean: 1, variance: 1.33333333333, fourth: -1.2,
            tails: [-0.996, -0.96, 2.96, 2.996]),
        Moments(
            name: "expon", arguments: #"{"scale": 100}"#, mean: 100, variance: 10000, fourth: 6,
            tails: [0.100050033358, 1.00503358535, 460.517018599, 690.775527898]),
        Moments(
            name: "gamma", arguments: #"{"a": 2.5, "scale": 3}"#, mean: 7.5, variance: 22.5, fourth: 2.4,
            tails: [0.315318903944, 0.831447115092, 22.6294087041, 30.7725084786]),
        Moments(
            name: "gamma", arguments: #"{"a": 0.3}"#, mean: 0.3, variance: 0.3, fourth: 20,
            tails: [6.97269909678e-11, 1.50222265524e-07, 2.63940915707, 4.61893604279]),
        Moments(
            name: "beta", arguments: #"{"a": 2, "b": 5}"#, mean: 0.285714285714, variance: 0.0255102040816,
            fourth: -0.12,
            tails: [0.00825549278775, 0.0267631911428, 0.70568632832, 0.818613866919]),
        Moments(
            name: "beta", arguments: #"{"a": 0.4, "b": 0.7}"#, mean: 0.363636363636, variance: 0.110192837466,
            fourth: -1.14477,
            tails: [5.09933158623e-08, 1.6125446812e-05, 0.995944813629, 0.999848630378]),
        Moments(
            name: "beta", arguments: #"{"a": 0.5, "b": 3}"#, mean: 0.142857142857, variance: 0.0272108843537,
            fourth: 2.22378,
            tails: [2.84444552323e-07, 2.84455232887e-05, 0.696125948204, 0.855447776692]),
        Moments(
            name: "lognorm", arguments: #"{"s": 0.75}"#, mean: 1.32478475873, variance: 1.32516219196, fourth: 23.5403,
            tails: [0.0985024133956, 0.17468675061, 5.7245326077, 10.1520355241]),
        Moments(
            name: "t", arguments: #"{"df": 4}"#, mean: 0, variance: 2, fourth: .infinity,
            tails: [-7.17318221978, -3.74694738798, 3.74694738798, 7.17318221978]),
        Moments(
            name: "chi2", arguments: #"{"df": 3}"#, mean: 3, variance: 6, fourth: 4,
            tails: [0.0242975858157, 0.114831801899, 11.3448667301, 16.2662361962]),
        Moments(
            name: "triang", arguments: #"{"c": 0.25, "loc": 1, "scale": 2}"#, mean: 1.83333333333,
            variance: 0.180555555556, fourth: -0.6,
            tails: [1.0316227766, 1.1, 2.82679491924, 2.94522774425]),
        Moments(
            name: "weibull_min", arguments: #"{"c": 1.7}"#, mean: 0.892244502499, variance: 0.291854827246,
            fourth: 0.772379,
            tails: [0.0171957809655, 0.0668054821697, 2.45552590532, 3.11693405338]),
        Moments(
            name: "pareto", arguments: #"{"b": 2.6}"#, mean: 1.625, variance: 1.69270833333, fourth: .infinity,
            tails: [1.00038488187, 1.00387299452, 5.87801607227, 14.251026703]),
    ]
}
