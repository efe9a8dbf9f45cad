/// What a ``ProcessSupervisor`` is to keep running.
package struct SupervisedProcess: Sendable {
    /// Tells it apart from the others of its supervisor, for example `worker-2`.
    package var name: String
    /// The path of its program; without one, this very program.
    package var executable: String?
    package var arguments: [String]
    /// Set or replaced in the environment that this process was started with.
    package var environment: [String: String]
    /// Its output and errors are appended here.
    package var logFile: String
    /// How long it may take to end after SIGTERM before it is killed with all that it started.
    package var grace: Duration
    /// Whether it is started again when it ends by itself.
    package var isRestarted: Bool

    package init(
        name: String, executable: String? = nil, arguments: [String], environment: [String: String] = [:],
        logFile: String, grace: Duration = .seconds(30), isRestarted: Bool = true
    ) {
        self.name = name
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.logFile = logFile
        self.grace = grace
        self.isRestarted = isRestarted
    }
}

/// A supervised process that ended without having been asked to.
package struct ProcessExit: Sendable, Equatable {
    package let name: String
    package let status: ExitStatus
    /// When it is started again; nothing when it is not.
    package let restartsAfter: Duration?
}
