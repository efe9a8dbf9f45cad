/// Runs a program over a text: depth first, with its own stack, a bounded number of steps, and a bounded stack.
struct PatternMatcher {
    /// What to return to when a way fails, and what to set back on the way.
    private enum Choice {
        case way(at: Int, from: Int)
        case group(Int, Int)
        case round(Int, Int)
    }

    private static let mostChoices = 1_000_000

    private let program: PatternProgram
    private let text: [UInt32]
    private var groups: [Int]
    private var rounds: [Int]
    private var steps: Int
    private var isExhausted = false

    init(_ program: PatternProgram, _ text: [UInt32], steps: Int) {
        self.program = program
        self.text = text
        self.steps = steps
        groups = Array(repeating: -1, count: program.groupCount * 2)
        rounds = Array(repeating: -1, count: program.loopCount)
    }

    mutating func search() -> SchemaPattern.Answer {
        // A pattern that begins with the text's start need not be tried elsewhere.
        let isAnchored: Bool =
            if case .textStart? = program.instructions.first { !program.anchorsMatchLines } else { false }
        for start in 0...(isAnchored ? 0 : text.count) {
            if run(0, from: start) != nil { return .found }
            if isExhausted { return .tooMuchWork }
        }
        return .notFound
    }

    /// Where a match of the instructions from `first` on ends that begins at `start`; nil without one.
    private mutating func run(_ first: Int, from start: Int, endingAt end: Int? = nil, depth: Int = 0) -> Int? {
        guard depth < 64 else {
            isExhausted = true
            return nil
        }
        var choices: [Choice] = []
        var (at, place) = (first, start)
        while true {
            steps -= 1
            guard steps > 0, choices.count < Self.mostChoices else {
                isExhausted = true
                return nil
            }
            var isAlive = true
            switch program.instructions[at] {
            case .scalar(let scalar):
                isAlive = place < text.count && isSame(text[place], scalar)
                (at, place) = (at + 1, place + 1)
            case .set(let set):
                isAlive = place < text.count && set.contains(text[place], ignoringCase: program.ignoresCase)
                (at, place) = (at + 1, place + 1)
            case .any:
                isAlive = place < text.count && (program.dotMatchesAll || !PatternSet.isLineEnd(text[place]))
                (at, place) = (at + 1, place + 1)
            case .split(let preferred, let other):
                choices.append(.way(at: other, from: place))
                at = preferred
            case .jump(let target): at = target
            case .save(let slot):
                choices.append(.group(slot, groups[slot]))
                groups[slot] = place
                at += 1
            case .beginRound(let slot):
                choices.append(.round(slot, rounds[slot]))
                rounds[slot] = place
                at += 1
            case .endRound(let slot):
                isAlive = rounds[slot] != place
                at += 1
            case .textStart:
                isAlive = place == 0 || (program.anchorsMatchLines && PatternSet.isLineEnd(text[place - 1]))
                at += 1
            case .textEnd:
                isAlive = place == text.count || (program.anchorsMatchLines && PatternSet.isLineEnd(text[place]))
                at += 1
            case .wordBoundary(let wanted):
                let before = place > 0 && PatternSet.isWord(text[place - 1])
                let after = place < text.count && PatternSet.isWord(text[place])
                isAlive = (before != after) == wanted
                at += 1
            case .look(let ahead, let isNegated, let next):
                let isThere = look(at + 1, from: place, ahead: ahead, depth: depth + 1)
                if isExhausted { return nil }
                isAlive = isThere != isNegated
                at = next
            case .backReference(let group):
                let (low, high) = (groups[group * 2], groups[group * 2 + 1])
                if low >= 0, high >= low {
                    let length = high - low
                    isAlive =
                        place + length <= text.count
                        && (0..<length).allSatisfy { isSame(text[low + $0], text[place + $0]) }
                    place += length
                }
                at += 1
            case .match:
                if end == nil || end == place { return place }
                isAlive = false
            }
            guard !isAlive else { continue }
            var isBack = false
            while !isBack, let choice = choices.popLast() {
                switch choice {
                case .way(let target, let from): (at, place, isBack) = (target, from, true)
                case .group(let slot, let old): groups[slot] = old
                case .round(let slot, let old): rounds[slot] = old
                }
            }
            if !isBack { return nil }
        }
    }

    private mutating func look(_ first: Int, from place: Int, ahead: Bool, depth: Int) -> Bool {
        if ahead { return run(first, from: place, depth: depth) != nil }
        for start in stride(from: place, through: 0, by: -1) {
            if run(first, from: start, endingAt: place, depth: depth) != nil { return true }
            if isExhausted { return false }
        }
        return false
    }

    private func isSame(_ left: UInt32, _ right: UInt32) -> Bool {
        left == right || (program.ignoresCase && PatternCase.other(left) == right)
    }
}
