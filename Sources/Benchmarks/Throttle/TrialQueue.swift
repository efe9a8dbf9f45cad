/// Which trials may run beside each other: few workers at a time, and the heavy ones alone.
///
/// Every worker hears the beats of all others, so that a machine's load grows with the square of their number.
struct TrialQueue {
    private var waiting: [ThrottleTrial]
    private var running: [Int: ThrottleTrial] = [:]
    private let atOnce: Int
    private let workers: Int

    init(_ trials: [ThrottleTrial], atOnce: Int, workers: Int) {
        // Those with most workers are hardest to place, and long ones must not be left for the end.
        waiting = trials.sorted {
            ($0.scene.isHeavy ? 1 : 0, $0.scene.workers, $0.scene.seconds)
                > ($1.scene.isHeavy ? 1 : 0, $1.scene.workers, $1.scene.seconds)
        }
        self.atOnce = max(1, atOnce)
        self.workers = workers
    }

    mutating func next() -> ThrottleTrial? {
        guard !running.values.contains(where: \.scene.isHeavy) else { return nil }
        let busy = running.values.reduce(0) { $0 + $1.scene.workers }
        let place = waiting.firstIndex { trial in
            running.isEmpty
                || !trial.scene.isHeavy && running.count < atOnce && busy + trial.scene.workers <= workers
        }
        guard let place else { return nil }
        let trial = waiting.remove(at: place)
        running[trial.number] = trial
        return trial
    }

    mutating func ended(_ number: Int) { running[number] = nil }
}
