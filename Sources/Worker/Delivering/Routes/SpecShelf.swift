/// Specs by their hash: those known, and those asked for with the cells that wait for them.
///
/// A question is repeated every 2 s until it is answered or nobody waits. Of known specs the newest 512 are kept.
struct SpecShelf<Spec: Sendable>: Sendable {
    typealias Instant = ContinuousClock.Instant

    static var askAgain: Duration { .seconds(2) }
    static var most: Int { 512 }

    private struct Question {
        var waiting: [CellID]
        var nextAsk: Instant
    }

    private var known: [SpecHash: Spec] = [:]
    private var order: [SpecHash] = []
    private var questions: [SpecHash: Question] = [:]

    subscript(hash: SpecHash) -> Spec? { known[hash] }

    /// `cell` waits for a spec that is not known.
    mutating func await(_ hash: SpecHash, for cell: CellID, at now: Instant) {
        questions[hash, default: Question(waiting: [], nextAsk: now)].waiting.append(cell)
    }

    /// Keeps a spec; gives the cells that waited for it.
    mutating func put(_ spec: Spec, for hash: SpecHash) -> [CellID] {
        if known.updateValue(spec, forKey: hash) == nil {
            order.append(hash)
            if order.count > Self.most { known[order.removeFirst()] = nil }
        }
        return questions.removeValue(forKey: hash)?.waiting ?? []
    }

    /// What to ask for now. A question for which no cell `isWaiting` any more is dropped.
    mutating func takeQuestions(_ now: Instant, isWaiting: (CellID) -> Bool) -> [SpecHash] {
        var due: [SpecHash] = []
        for (hash, question) in questions where question.nextAsk <= now {
            let waiting = question.waiting.filter(isWaiting)
            if waiting.isEmpty {
                questions[hash] = nil
            } else {
                questions[hash] = Question(waiting: waiting, nextAsk: now + Self.askAgain)
                due.append(hash)
            }
        }
        return due
    }

    /// The connection is new: what was asked before may never be answered.
    mutating func askAgain(at now: Instant) {
        for hash in questions.keys { questions[hash]?.nextAsk = now }
    }

    var hasQuestions: Bool { !questions.isEmpty }
}
