/// What came of a campaign: what docs/reliability.md reports.
struct ChaosTally: Equatable, CustomStringConvertible {
    /// Seeds whose job ended and was compared.
    private(set) var compared = 0
    /// Seeds that came to no end: something did not happen, or an invariant broke on the way.
    private(set) var unfinished = 0
    private(set) var lost = 0
    private(set) var doubled = 0
    private(set) var unexpected = 0
    private(set) var recovered = 0
    private(set) var shortest = Int.max
    private(set) var longest = 0

    mutating func countUnfinished() { unfinished += 1 }

    mutating func count(_ history: History, seconds: Int) {
        compared += 1
        lost += history.lost
        doubled += history.doubled
        unexpected += history.unexpected
        recovered += history.recovered
        shortest = min(shortest, seconds)
        longest = max(longest, seconds)
    }

    var description: String {
        let times = compared > 0 ? "; \(shortest) to \(longest) s each" : ""
        return "\(compared + unfinished) seeds, \(unfinished) without an end: \(lost) lost, \(doubled) doubled, "
            + "\(unexpected) unexpected, \(recovered) recovered\(times)"
    }
}
