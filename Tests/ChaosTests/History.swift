import Foundation
import JSON

/// What came of a run, against a calm one.
struct History: Equatable, CustomStringConvertible {
    /// Records that are neither there nor given up for a reason.
    var lost = 0
    /// Records that are there twice, or there and given up.
    var doubled = 0
    /// Records that differ from the calm run's, or were given up for no reason that the plan, or three charged
    /// attempts, give.
    var unexpected = 0
    /// Cells that failed, came back or were called again, and have their value all the same.
    var recovered = 0

    var isClean: Bool { lost == 0 && doubled == 0 && unexpected == 0 }

    var description: String {
        "\(lost) lost, \(doubled) doubled, \(unexpected) unexpected, \(recovered) recovered"
    }

    /// A record that was given up.
    struct Drop {
        let record: Int
        let kind: String
        let attempts: Int
    }

    /// - Parameters:
    ///   - lines: the exported lines, in their order.
    ///   - calm: those of the calm run, one for each record.
    ///   - expected: by record, the kind that it must be given up for.
    init(lines: [Data], calm: [Data], drops: [Drop], expected: [Int: String], recovered: Int) {
        self.recovered = recovered
        let places = Dictionary(calm.enumerated().map { ($1, $0) }) { first, _ in first }
        var seen: [Int: Int] = [:]
        var isInOrder = true
        var last = -1
        for line in lines {
            guard let place = places[line] else {
                unexpected += 1
                continue
            }
            seen[place, default: 0] += 1
            isInOrder = isInOrder && place > last
            last = place
        }
        doubled += seen.values.filter { $0 > 1 }.count
        if !isInOrder, doubled == 0 { unexpected += 1 }
        let given = Dictionary(drops.map { ($0.record, $0) }) { first, _ in first }
        doubled += drops.count - given.count
        for record in calm.indices {
            switch (seen[record] != nil, given[record]) {
            case (true, nil): unexpected += expected[record] == nil ? 0 : 1
            case (true, _): doubled += 1
            case (false, nil): lost += 1
            case (false, let drop?):
                let isPlanned = expected[record] == drop.kind
                if !isPlanned && drop.attempts < 3 { unexpected += 1 }
            }
        }
        // A line that is nobody's stands for a record that is missing: it is counted once.
        lost = max(0, lost - lines.filter { places[$0] == nil }.count)
    }
}
