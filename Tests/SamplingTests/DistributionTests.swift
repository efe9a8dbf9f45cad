import JSON
import Random
import Testing
import Workflow

@testable import Sampling

struct DistributionTests {
    @Test func `a bounded number is uniform`() {
        var stream = RandomSource(seed: 3, column: "x", purpose: .sample).stream(record: 0)
        var counts = [Int](repeating: 0, count: 6)
        for _ in 0..<60_000 { counts[Int(stream.below(6))] += 1 }
        expectChiSquare(counts, probabilities: Array(repeating: 1.0 / 6, count: 6))
    }

    private func draw(_ name: String, _ arguments: String, _ count: Int64, seed: UInt64 = 1) throws -> [JSONValue] {
        try draws("{sampler_type: scipy, params: {dist_name: \(name), dist_params: \(arguments)}}", count, seed: seed)
    }

    @Test(arguments: ScipyFigures.continuous.indices)
    func `a continuous distribution fills its twentieths evenly`(index: Int) throws {
        let figure = ScipyFigures.continuous[index]
        var counts = [Int](repeating: 0, count: 20)
        for value in try draw(figure.name, figure.arguments, 40_000) {
            guard case .number(let number) = value else {
                Issue.record("\(value) is no float")
                return
            }
            counts[figure.edges.firstIndex { number < $0 } ?? 19] += 1
        }
        expectChiSquare(counts, probabilities: Array(repeating: 0.05, count: 20), "\(figure.name) \(figure.arguments)")
    }

    @Test(arguments: ScipyFigures.discrete.indices)
    func `a discrete distribution has its probabilities`(index: Int) throws {
        let figure = ScipyFigures.discrete[index]
        var counts = [Int](repeating: 0, count: figure.probabilities.count)
        for value in try draw(figure.name, figure.arguments, 40_000) {
            guard case .integer(let number) = value else {
                Issue.record("\(value) is no integer")
                return
            }
            counts[Int(min(max(number - figure.first, 0), Int64(counts.count - 1)))] += 1
        }
        expectChiSquare(counts, probabilities: figure.probabilities, "\(figure.name) \(figure.arguments)")
    }

    @Test func `large means keep mean and variance`() throws {
        let poisson = moments(try draw("poisson", "{mu: 1.0e+6}", 20_000).compactMap(\.doubleValue))
        #expect(abs(poisson.mean - 1e6) < 35 && abs(poisson.variance / 1e6 - 1) < 0.05)
        let binomial = moments(try draw("binom", "{n: 10000000, p: 0.25}", 20_000).compactMap(\.doubleValue))
        #expect(abs(binomial.mean - 2.5e6) < 45 && abs(binomial.variance / 1.875e6 - 1) < 0.05)
    }

    /// `math.log(x)`, `math.exp(x)`, `math.log1p(x)`, `math.lgamma(k + 1)` of Python 3.11.
    @Test func `elementary functions are accurate`() {
        for (value, result) in [
            (2.0, 0.6931471805599453), (0.1, -2.3025850929940455), (1e-300, -690.7755278982137),
            (1.5, 0.4054651081081644),
            (0.9999999, -1.0000000494736474e-07), (1e300, 690.7755278982137), (7.25, 1.9810014688665833),
        ] { #expect(abs(PortableMath.log(value) / result - 1) < 4e-16) }
        for (value, result) in [
            (1.0, 2.718281828459045), (-20.5, 1.2501528663867426e-09), (700, 1.0142320547350045e+304),
            (0.3, 1.3498588075760032), (-700, 9.859676543759770e-305),
        ] { #expect(abs(PortableMath.exp(value) / result - 1) < 6e-16) }
        for (value, result) in [(1e-10, 9.9999999995e-11), (-1e-3, -0.0010005003335835335), (3.0, 1.3862943611198906)] {
            #expect(abs(PortableMath.log1p(value) / result - 1) < 6e-16)
        }
        for (value, result) in [
            (3.0, 1.791759469228055), (15, 27.89927138384089), (16, 30.671860106080672), (1000, 5912.128178488163),
        ] {
            #expect(abs(PortableMath.logFactorial(value) / result - 1) < 1e-15)
        }
        #expect(PortableMath.exp(1_000) == .infinity && PortableMath.exp(-1_000) == 0)
    }
}

/// Draws of one sampler column, given as the rest of its YAML mapping.
func draws(_ sampler: String, _ count: Int64, seed: UInt64 = 1) throws -> [JSONValue] {
    let columns = try sampled("  - {name: a, column_type: sampler, \(sampler.dropFirst())", count, seed: seed)
    return try #require(columns["a"])
}

/// Draws of all sampler columns by name.
func sampled(_ columns: String, more: String = "", _ count: Int64, seed: UInt64 = 1) throws -> [String: [JSONValue]] {
    let loaded = Workflow.load(
        text: "columns:\n\(columns)\n\(more)", name: "f.yaml", format: .yaml, capabilities: nil)
    #expect(loaded.problems.map(\.description) == [])
    let workflow = try #require(loaded.workflow)
    let drawn = try Sampler(workflow: workflow, seed: seed).draw(records: 0..<count)
    return Dictionary(uniqueKeysWithValues: zip(drawn.columns.map { workflow.columns[$0].name }, drawn.values))
}
