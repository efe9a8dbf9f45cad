/// Reads a pattern and writes its program in one pass.
struct PatternParser {
    /// A program larger than this is refused: counted repetitions are written out.
    private static let mostInstructions = 20_000

    let source: [UInt32]
    var at = 0
    private var program = PatternProgram()
    private var names: [String: Int] = [:]
    private var depth = 0

    static func parse(_ source: String) throws(PatternError) -> PatternProgram {
        var parser = PatternParser(source: source.unicodeScalars.map(\.value))
        parser.readFlags()
        try parser.alternatives()
        guard parser.at == parser.source.count else { throw parser.error("a ) without its (") }
        parser.program.instructions.append(.match)
        for case .backReference(let group) in parser.program.instructions where group >= parser.program.groupCount {
            throw parser.error("there is no group \(group)")
        }
        return parser.program
    }

    private init(source: [UInt32]) { self.source = source }

    func error(_ reason: String) -> PatternError { PatternError(offset: at, reason: reason) }

    var next: UInt32? { at < source.count ? source[at] : nil }

    func sees(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard at + count <= source.count else { return false }
        return (0..<count).allSatisfy { source[at + $0] == UInt32(text.utf8Start[$0]) }
    }

    mutating func take(_ text: StaticString) -> Bool {
        guard sees(text) else { return false }
        at += text.utf8CodeUnitCount
        return true
    }

    /// `(?i)`, `(?s)`, `(?m)` and their combinations, at the very start.
    private mutating func readFlags() {
        guard sees("(?") else { return }
        var end = 2
        while end < source.count, [0x69, 0x73, 0x6D, 0x75, 0x61].contains(source[end]) { end += 1 }
        guard end > 2, end < source.count, source[end] == 0x29 else { return }
        for flag in source[2..<end] {
            if flag == 0x69 { program.ignoresCase = true }
            if flag == 0x73 { program.dotMatchesAll = true }
            if flag == 0x6D { program.anchorsMatchLines = true }
        }
        at = end + 1
    }

    // MARK: Structure

    private mutating func alternatives() throws(PatternError) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 100 else { throw error("nested too deeply") }
        let start = program.instructions.count
        try sequence()
        while take("|") {
            // What was written becomes the first way of a split.
            insert(.split(start + 1, 0), at: start)
            program.instructions.append(.jump(0))
            let jump = program.instructions.count - 1
            program.instructions[start] = .split(start + 1, jump + 1)
            try rest(of: jump)
            return
        }
    }

    /// The alternatives behind a `|`; `jump` leads behind them.
    private mutating func rest(of jump: Int) throws(PatternError) {
        try alternatives()
        program.instructions[jump] = .jump(program.instructions.count)
    }

    private mutating func sequence() throws(PatternError) {
        while let next, next != 0x7C, next != 0x29 {
            let start = program.instructions.count
            let groups = program.groupCount
            let isRepeatable = try atom()
            try quantifier(from: start, isRepeatable: isRepeatable, groupsBefore: groups)
            guard program.instructions.count < Self.mostInstructions else { throw error("the pattern is too large") }
        }
    }

    /// Moves the instructions from `place` on one further, with all that leads there.
    private mutating func insert(_ instruction: PatternProgram.Instruction, at place: Int) {
        program.instructions.insert(instruction, at: place)
        for index in (place + 1)..<program.instructions.count {
            program.instructions[index] = program.instructions[index].moved(by: 1, from: place)
        }
    }

    // MARK: Repetition

    private mutating func quantifier(
        from start: Int, isRepeatable: Bool, groupsBefore: Int
    ) throws(PatternError) {
        guard let (low, high) = try bounds() else { return }
        guard isRepeatable else { throw error("nothing to repeat") }
        let isLazy = take("?")
        let body = program.instructions[start...].map { $0.moved(by: -start, from: 0) }
        program.instructions.removeSubrange(start...)
        let most = max(low, high ?? low) + 1
        guard body.count * most < Self.mostInstructions else { throw error("the repetition is too large") }
        for _ in 0..<low { append(body) }
        guard let high else { return appendLoop(body, isLazy) }
        for _ in low..<high {
            // Each further one is optional; should it be left out, so are those behind it.
            let split = program.instructions.count
            program.instructions.append(.jump(0))
            append(body)
            optional.append((split, isLazy))
        }
        let end = program.instructions.count
        for (split, isLazy) in optional {
            program.instructions[split] = isLazy ? .split(end, split + 1) : .split(split + 1, end)
        }
        optional = []
    }

    /// Splits of the repetition that is being written.
    private var optional: [(Int, Bool)] = []

    private mutating func append(_ body: [PatternProgram.Instruction]) {
        let base = program.instructions.count
        program.instructions += body.map { $0.moved(by: base, from: 0) }
    }

    private mutating func appendLoop(_ body: [PatternProgram.Instruction], _ isLazy: Bool) {
        let slot = program.loopCount
        program.loopCount += 1
        let split = program.instructions.count
        program.instructions.append(.jump(0))
        program.instructions.append(.beginRound(slot: slot))
        append(body)
        program.instructions.append(.endRound(slot: slot))
        program.instructions.append(.jump(split))
        let end = program.instructions.count
        program.instructions[split] = isLazy ? .split(end, split + 1) : .split(split + 1, end)
    }

    private mutating func bounds() throws(PatternError) -> (Int, Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard sees("{") else { return nil }
        let start = at
        at += 1
        let low = number()
        var high = low
        if take(",") { high = number() ?? (sees("}") && low != nil ? nil : high) }
        let hasComma = source[start..<at].contains(0x2C)
        guard take("}"), low != nil || hasComma, let low = low ?? (high == nil ? nil : 0) else {
            // As in Python and in ECMA's annex B: a brace that is no repetition stands for itself.
            at = start
            return nil
        }
        let isOpen = hasComma && source[at - 2] == 0x2C
        guard isOpen || (high ?? low) >= low else { throw error("a repetition whose bounds are the wrong way round") }
        return (low, isOpen ? nil : high)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let digit = next, PatternSet.isDigit(digit) {
            value = min((value ?? 0) * 10 + Int(digit - 0x30), 100_000)
            at += 1
        }
        return value
    }

    // MARK: Atoms

    /// Whether what was read can be repeated.
    private mutating func atom() throws(PatternError) -> Bool {
        guard let scalar = next else { return false }
        switch scalar {
        case 0x28: return try group()
        case 0x5B:
            program.instructions.append(.set(try set()))
        case 0x2E:
            at += 1
            program.instructions.append(.any)
        case 0x5E:
            at += 1
            program.instructions.append(.textStart)
            return false
        case 0x24:
            at += 1
            program.instructions.append(.textEnd)
            return false
        case 0x2A, 0x2B, 0x3F: throw error("nothing to repeat")
        case 0x5C: return try escapedAtom()
        default:
            at += 1
            program.instructions.append(.scalar(scalar))
        }
        return true
    }

    private mutating func group() throws(PatternError) -> Bool {
        at += 1
        var isRepeatable = true
        if take("?:") {
            try alternatives()
        } else if take("?=") {
            try look(ahead: true, isNegated: false)
        } else if take("?!") {
            try look(ahead: true, isNegated: true)
        } else if take("?<=") {
            try look(ahead: false, isNegated: false)
            isRepeatable = false
        } else if take("?<!") {
            try look(ahead: false, isNegated: true)
            isRepeatable = false
        } else if take("?P=") {
            let name = try name(endingWith: 0x29)
            guard let group = names[name] else { throw error("there is no group \(name)") }
            program.instructions.append(.backReference(group))
            return true
        } else {
            let group = program.groupCount
            if take("?P<") || take("?<") {
                names[try name(endingWith: 0x3E)] = group
            } else if sees("?") {
                throw error("an unknown kind of group")
            }
            program.groupCount += 1
            program.instructions.append(.save(group * 2))
            try alternatives()
            program.instructions.append(.save(group * 2 + 1))
        }
        guard take(")") else { throw error("a ( without its )") }
        return isRepeatable
    }

    private mutating func look(ahead: Bool, isNegated: Bool) throws(PatternError) {
        let look = program.instructions.count
        program.instructions.append(.jump(0))
        try alternatives()
        program.instructions.append(.match)
        program.instructions[look] = .look(ahead: ahead, isNegated: isNegated, next: program.instructions.count)
    }

    private mutating func name(endingWith end: UInt32) throws(PatternError) -> String {
        var name = ""
        while let scalar = next, scalar != end {
            guard PatternSet.isWord(scalar), let character = Unicode.Scalar(scalar) else {
                throw error("not a name of a group")
            }
            name.unicodeScalars.append(character)
            at += 1
        }
        guard next == end, !name.isEmpty else { throw error("a name of a group that does not end") }
        at += end == 0x29 ? 0 : 1
        if end == 0x29 { at += 1 }
        return name
    }

    private mutating func escapedAtom() throws(PatternError) -> Bool {
        guard at + 1 < source.count else { throw error("a \\ at the end") }
        switch source[at + 1] {
        case 0x62, 0x42:
            program.instructions.append(.wordBoundary(source[at + 1] == 0x62))
            at += 2
            return false
        case 0x41:
            at += 2
            program.instructions.append(.textStart)
            return false
        case 0x5A, 0x7A:
            at += 2
            program.instructions.append(.textEnd)
            return false
        case 0x6B:
            at += 2
            guard take("<") else { throw error("\\k without the name of a group") }
            let name = try name(endingWith: 0x3E)
            guard let group = names[name] else { throw error("there is no group \(name)") }
            program.instructions.append(.backReference(group))
        case 0x31...0x39:
            at += 1
            program.instructions.append(.backReference(number() ?? 0))
        default:
            switch try escape() {
            case .range(let range) where range.count == 1:
                program.instructions.append(.scalar(range.lowerBound))
            case let member: program.instructions.append(.set(PatternSet(members: [member])))
            }
        }
        return true
    }
}

extension PatternProgram.Instruction {
    /// With places from `start` on moved.
    func moved(by offset: Int, from start: Int) -> Self {
        func place(_ place: Int) -> Int { place >= start ? place + offset : place }
        return switch self {
        case .split(let first, let second): .split(place(first), place(second))
        case .jump(let target): .jump(place(target))
        case .look(let ahead, let isNegated, let next):
            .look(ahead: ahead, isNegated: isNegated, next: place(next))
        default: self
        }
    }
}
