@testable import Delivering

/// Visits every state that can be reached.
enum RecoveryWalk {
    struct Outcome {
        let verdict: String
        let states: Int
        let trace: [String]
    }

    static func run(_ setting: RecoveryWorld.Setting, limit: Int = 2_000_000) -> Outcome {
        let first = RecoveryWorld(setting)
        var worlds: [RecoveryWorld?] = [first]
        var places = [first.key: 0]
        var parents: [(place: Int, label: String)] = [(-1, "")]
        var before: [[Int]] = [[]]
        var ends: [Int] = []
        var place = 0

        func trace(_ place: Int) -> [String] {
            var labels: [String] = []
            var at = place
            while parents[at].place >= 0 {
                labels.append(parents[at].label)
                at = parents[at].place
            }
            return labels.reversed()
        }

        while place < worlds.count, worlds.count < limit {
            guard let world = worlds[place] else { break }
            // Kept no longer than needed: the key is enough.
            worlds[place] = nil
            if world.isDecided { ends.append(place) }
            for step in world.steps {
                if !step.broken.isEmpty {
                    return Outcome(verdict: step.broken, states: places.count, trace: trace(place) + [step.label])
                }
                let key = step.world.key
                let next = places[key] ?? worlds.count
                if next == worlds.count {
                    places[key] = next
                    worlds.append(step.world)
                    parents.append((place, step.label))
                    before.append([])
                }
                if !step.isFault, next != place { before[next].append(place) }
            }
            place += 1
        }
        guard worlds.count < limit else { return Outcome(verdict: "too many states", states: limit, trace: []) }

        // From every state some path without a fault ends every cell.
        var ending = Set(ends)
        var rest = ends
        while let end = rest.popLast() {
            for earlier in before[end] where ending.insert(earlier).inserted { rest.append(earlier) }
        }
        if let stuck = worlds.indices.first(where: { !ending.contains($0) }) {
            return Outcome(verdict: "L: some cell never ends", states: places.count, trace: trace(stuck))
        }
        return Outcome(verdict: "holds", states: places.count, trace: [])
    }
}
