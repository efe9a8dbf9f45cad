/// What one run measured, by name.
struct Sample {
    private(set) var values: [String: Double] = [:]

    subscript(name: String) -> Double {
        get { values[name] ?? 0 }
        set { values[name] = newValue }
    }

    var line: String {
        values.sorted { $0.key < $1.key }.map { "\($0.key) \(Report.short($0.value))" }.joined(separator: "  ")
    }
}

struct SceneResult {
    let scene: Scene
    let samples: [Sample]

    var best: Sample { samples.dropFirst().reduce(samples[0]) { scene.isBetter($1, $0) ? $1 : $0 } }

    var median: Sample {
        let sorted = samples.sorted { scene.isBetter($0, $1) }
        return sorted[sorted.count / 2]
    }

    var isReached: Bool { scene.isReached(best) }
}
