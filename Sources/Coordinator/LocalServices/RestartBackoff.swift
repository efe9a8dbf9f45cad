/// How long to wait before a process that died is started again: longer each time, anew once it has run for a while.
struct RestartBackoff: Sendable {
    private let first: Duration
    private let longest: Duration
    private let steady: Duration
    private var next: Duration

    /// - Parameter steady: a process that ran at least this long begins with `first` again.
    init(first: Duration = .milliseconds(200), longest: Duration = .seconds(10), steady: Duration = .seconds(30)) {
        self.first = first
        self.longest = longest
        self.steady = steady
        next = first
    }

    mutating func delay(afterRunning time: Duration) -> Duration {
        if time >= steady { next = first }
        defer { next = min(next * 2, longest) }
        return next
    }
}
