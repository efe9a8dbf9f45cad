import Glibc

/// A named place between two durable steps where a test may kill the process.
///
/// The environment variable `TESSERA_CRASH_AT` holds `NAME` or `NAME:N`: the process then kills itself by SIGKILL, as
/// a power cut would, at the N-th passage (the first without N) of the points with that name. It is read once, when
/// the first point is made; without it, `pass()` is a test of one stored value. docs/reliability.md lists the names.
///
/// `pass` may be called from any thread. Passages are counted for the whole process, whoever made the point.
package struct CrashPoint: Sendable {
    private let order: CrashOrder?

    /// The point `name`, armed when the environment names it. A name may hold anything but a colon.
    package static func named(_ name: String) -> CrashPoint {
        CrashPoint(name, order: .ofThisProcess)
    }

    init(_ name: String, order: CrashOrder?) {
        self.order = order?.name == name ? order : nil
    }

    /// Whether the environment names this point.
    package var isArmed: Bool { order != nil }

    /// Counts one passage; does not return from the one that was asked for.
    package func pass() {
        guard let order, order.countPassage() else { return }
        kill(getpid(), SIGKILL)
        // The signal comes before `kill` returns, unless another thread is chosen for it: wait for the end then.
        while true { pause() }
    }
}
