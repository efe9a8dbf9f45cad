import Testing

/// Fails when counts are less likely than one in 100,000 under the probabilities (Pearson's chi-square).
func expectChiSquare(
    _ counts: [Int], probabilities: [Double], _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let total = Double(counts.reduce(0, +))
    var statistic = 0.0
    for (count, probability) in zip(counts, probabilities) {
        let expected = total * probability
        statistic += (Double(count) - expected) * (Double(count) - expected) / expected
    }
    let bound = ScipyFigures.chiSquareBounds[counts.count - 1] ?? 0
    #expect(statistic < bound, comment, sourceLocation: sourceLocation)
}

/// The mean and the variance of numbers.
func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
}
