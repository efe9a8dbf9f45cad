import Glibc

/// A process that was started and does nothing yet.
///
/// Nothing of its command runs before `release`. If this is let go of, or our process dies, the child ends without
/// having done anything. So there is no moment at which something runs that no guardian knows.
struct HeldProcess: ~Copyable {
    let identity: ProcessIdentity
    private let gate: Int32

    /// Takes over the descriptor on whose other end the process waits for a line.
    init(identity: ProcessIdentity, gate: Int32) {
        self.identity = identity
        self.gate = gate
    }

    deinit { close(gate) }

    consuming func release() {
        _ = send(gate, "\n", 1, Int32(MSG_NOSIGNAL))
    }
}
