@testable import Throttle

extension ClusterSimulation {
    func account() {
        let used = min(Double(busy), endpoint.capacity(accounted))
        var from = accounted
        while from < now {
            let to = min(now, ((from / Self.bin + 1e-9).rounded(.down) + 1) * Self.bin)
            area[Int(from / Self.bin + 1e-9)] += used * (to - from)
            from = to
        }
        accounted = now
    }

    /// Busy slot-seconds as a percentage of the capacity.
    func goodput(_ from: Double, _ to: Double) -> Double {
        let bins = Int(from / Self.bin)..<Int(to / Self.bin)
        let capacity = bins.reduce(0.0) { $0 + endpoint.capacity(Double($1) * Self.bin) * Self.bin }
        return 100 * bins.reduce(0.0) { $0 + area[$1] } / capacity
    }

    /// Refused calls as a percentage of those that ended.
    func refusals(_ from: Double, _ to: Double) -> Double {
        let bad = Double(over(bad, from, to))
        return 100 * bad / max(1, bad + Double(over(good, from, to)))
    }

    func over(_ bins: [Int], _ from: Double, _ to: Double) -> Int {
        bins[Int(from / Self.bin)..<Int(to / Self.bin)].reduce(0, +)
    }

    /// Calls that the worker completed from the one time to the other.
    func completed(_ worker: Int, _ from: Double, _ to: Double) -> Int { done[worker].map { over($0, from, to) } ?? 0 }

    /// What the luckiest worker completed for each call of the unluckiest.
    func unfairness(_ workers: Int, _ from: Double, _ to: Double) -> Double {
        let counts = (0..<workers).map { completed($0, from, to) }
        return Double(counts.max() ?? 0) / Double(max(1, counts.min() ?? 0))
    }

    /// Seconds from `after` until a second with at least that goodput begins.
    func first(_ share: Double, after: Double) -> Double {
        var start = after
        while start < now - 1 {
            if goodput(start, start + 1) >= share { return start - after }
            start += Self.bin
        }
        return .infinity
    }

    var law: ClusterLimit? { nodes.lazy.compactMap { $0.member.leader?.law }.first }
}
