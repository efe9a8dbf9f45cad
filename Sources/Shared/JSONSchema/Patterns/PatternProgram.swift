/// A pattern compiled: instructions for `PatternMatcher`.
struct PatternProgram: Sendable {
    enum Instruction: Sendable {
        case scalar(UInt32)
        case set(PatternSet)
        /// Every code point but line ends; `dotMatchesAll` makes it every one.
        case any
        /// Goes on at the first, and should that fail at the second.
        case split(Int, Int)
        case jump(Int)
        case save(Int)
        /// Remembers where a round of a loop began.
        case beginRound(slot: Int)
        /// Fails when the round took nothing: the loop would never end.
        case endRound(slot: Int)
        case textStart
        case textEnd
        case wordBoundary(Bool)
        /// The instructions from the next one on, up to their `.match`, must match here (or must not); then it goes on
        /// at `next`.
        case look(ahead: Bool, isNegated: Bool, next: Int)
        case backReference(Int)
        case match
    }

    var instructions: [Instruction] = []
    var groupCount = 1
    var loopCount = 0
    var ignoresCase = false
    var dotMatchesAll = false
    var anchorsMatchLines = false

    /// The answer for the many patterns that need no search: the empty one.
    func plainAnswer(_ text: String) -> SchemaPattern.Answer? {
        if case .match? = instructions.first { return .found }
        return nil
    }
}
