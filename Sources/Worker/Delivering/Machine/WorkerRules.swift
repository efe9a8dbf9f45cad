/// The figures a worker goes by.
struct WorkerRules: Sendable {
    /// A delivery is held for so long at most. Every worker and coordinator of a vhost must have the same.
    var holdTime: Duration = .seconds(600)
    /// A cell that waits longer is handed back.
    var longestWait: Duration = .seconds(30)
    /// A route that the endpoint paused for longer is not consumed meanwhile.
    var longestConsumedPause: Duration = .seconds(10)
    /// Calls of all routes together.
    var concurrency = Int.max
    /// Before each of the quick tries, give or take half of it.
    var quickTryDelays: [Duration] = [.milliseconds(200), .milliseconds(500), .seconds(1)]
    var beatInterval: Duration = .seconds(1)
    /// Between two beats because something changed: 50 a second.
    var beatSpacing: Duration = .milliseconds(20)
    /// Between two questions for the present state until one is answered, and from the answer to the next.
    var stateQuestionInterval: Duration = .seconds(2)
    var stateInterval: Duration = .seconds(60)
    /// How old at most what a coordinator answers may be: it reads the tables each 2 s.
    var staleness: Duration = .seconds(5)
    /// Whether calls can be made in child processes.
    var hasChildren = true
    var housekeepingInterval: Duration = .milliseconds(100)
    /// From the start of a drain until what still runs is taken back.
    var drainTimeout: Duration = .seconds(25)
    /// From then on until the worker ends with what could not be confirmed.
    var returnTimeout: Duration = .seconds(5)

    /// A cell that has not started after this is handed back.
    var waitLimit: Duration { min(longestWait, holdTime / 4) }

    /// What a delivery may be held for beyond `holdTime` while its first call runs: that may have begun as late as
    /// `waitLimit`, may take all of `holdTime` (a longer timeout is refused at submit), and in a child process 30 s
    /// more. Else a call that is never answered would be taken back before its timeout, and never charged.
    var holdGrace: Duration { min(waitLimit + .seconds(35), holdTime / 2) }
}
