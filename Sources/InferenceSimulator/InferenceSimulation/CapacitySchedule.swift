/// A limit that changes with time: from each second on, so many calls at once.
package struct CapacitySchedule: Sendable, Hashable {
    /// In the order of time; the first one holds before its second too.
    package let steps: [(second: Double, capacity: Int)]

    /// Reads `0:64,20:16,40:64`; nil for anything else. Seconds must grow; a capacity of 0 refuses every call.
    package init?(_ text: String) {
        var steps: [(second: Double, capacity: Int)] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = part.split(separator: ":", omittingEmptySubsequences: false)
            guard halves.count == 2, let second = Double(halves[0]), let capacity = Int(halves[1]), second >= 0,
                second < 1e6, (0...10_000_000).contains(capacity), steps.last.map({ $0.second < second }) ?? true
            else { return nil }
            steps.append((second, capacity))
        }
        guard !steps.isEmpty else { return nil }
        self.steps = steps
    }

    package func capacity(at second: Double) -> Int {
        (steps.last { $0.second <= second } ?? steps[0]).capacity
    }

    /// The next second at which it changes; nil when it stays as it is.
    package func nextChange(after second: Double) -> Double? { steps.first { $0.second > second }?.second }

    package static func == (left: Self, right: Self) -> Bool {
        left.steps.elementsEqual(right.steps) { $0 == $1 }
    }

    package func hash(into hasher: inout Hasher) {
        for step in steps {
            hasher.combine(step.second)
            hasher.combine(step.capacity)
        }
    }
}
