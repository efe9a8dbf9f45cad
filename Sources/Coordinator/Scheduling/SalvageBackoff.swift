/// How long a failed cell waits before it is sent again.
package enum SalvageBackoff {
    /// 1, 2, 4, ... s, at most 60 s, times 0.5 to 1.5.
    ///
    /// - Parameters:
    ///   - attempt: the attempt that failed, from 1.
    ///   - chance: in 0..<1; chance enters only here, so the caller's generator decides.
    package static func delay(afterAttempt attempt: Int, chance: Double) -> Duration {
        let base = min(60.0, Double(1 << min(max(attempt, 1) - 1, 6)))
        return .milliseconds(Int64(base * (0.5 + chance) * 1000))
    }
}
