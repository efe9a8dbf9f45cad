/// How many cells were stored when, around a fault, and what that says.
struct RecoveryCurve {
    /// Width of a count.
    static let binSeconds = 0.1
    private static let binsPerSecond = 10
    /// What counts as back, of the median before.
    static let share = 0.9
    /// Throughput is back when so many seconds in a row have it: what waited in the broker comes in one burst.
    private static let steadySeconds = 3
    /// A fault shows within so many seconds; what dips later is not its doing.
    private static let onsetSeconds = 5.0

    /// Cells by bin; the first bin begins `secondsBefore` before the fault.
    private let bins: [Int]
    private let secondsBefore: Int
    private let normal: Double?

    /// - Parameters:
    ///   - times: of each cell, in seconds from the fault.
    ///   - normal: what it is back at, in cells a second, where the seconds before the fault do not tell.
    init(times: [(second: Double, cells: Int)], secondsBefore: Int, secondsAfter: Int, normal: Double? = nil) {
        self.secondsBefore = secondsBefore
        self.normal = normal
        var bins = Array(repeating: 0, count: (secondsBefore + secondsAfter) * Self.binsPerSecond)
        for (second, cells) in times {
            let bin = Int(((second + Double(secondsBefore)) / Self.binSeconds).rounded(.down))
            if bins.indices.contains(bin) { bins[bin] += cells }
        }
        self.bins = bins
    }

    /// Cells in the second that begins with that bin.
    private func second(from bin: Int) -> Int { bins[bin..<bin + Self.binsPerSecond].reduce(0, +) }

    /// The median of the seconds before the fault.
    var before: Double {
        let seconds = (0..<secondsBefore).map { second(from: $0 * Self.binsPerSecond) }.sorted()
        return Double(seconds[seconds.count / 2])
    }

    /// Starts of windows of one second, in bins from the fault on.
    private var starts: Range<Int> { secondsBefore * Self.binsPerSecond..<bins.count - Self.binsPerSecond }

    /// The poorest second after the fault.
    var lowest: Int { starts.map { second(from: $0) }.min() ?? 0 }

    /// Seconds from the fault until every second is at 90 % of the median before again, for three in a row; 0 when none
    /// fell below; nil when it did not come back.
    var secondsUntilBack: Double? {
        let enough = Self.share * (normal ?? before)
        let poor = starts.map { Double(second(from: $0)) < enough }
        let onset = Int(Self.onsetSeconds) * Self.binsPerSecond
        guard var place = poor.prefix(onset).firstIndex(of: true) else { return 0 }
        let steady = Self.steadySeconds * Self.binsPerSecond
        // From the first dip to the last one that begins in time.
        var back = 0
        while let dip = poor[place...].firstIndex(of: true), back == 0 || dip < onset {
            var start = dip
            while start + steady <= poor.count, poor[start..<start + steady].contains(true) { start += 1 }
            guard start + steady <= poor.count else { return nil }
            back = start
            place = start + steady
        }
        return Double(back) * Self.binSeconds
    }

    /// Cells by whole second from the fault on, for the JSON.
    var perSecond: [Int] {
        stride(from: 0, to: bins.count, by: Self.binsPerSecond).map { second(from: $0) }
    }
}
