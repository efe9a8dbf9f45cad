import Glibc

/// A process that must not outlive `coordinator run`, as one line of the guardian's input says it.
package struct GuardedProcess: Sendable, Equatable {
    /// Decides when its turn to be stopped comes: programs, then servers, then what servers need to stop well.
    package enum Kind: String, Sendable, CaseIterable {
        /// A coordinator, worker or simulator.
        case program
        /// PostgreSQL or RabbitMQ.
        case server
        /// Erlang's port mapper.
        case helper

        /// How long it may take to end after its signal, before it is killed.
        package var grace: Duration {
            switch self {
            case .program: .seconds(5)
            case .server: .seconds(15)
            case .helper: .seconds(1)
            }
        }
    }

    package let identity: ProcessIdentity
    package let kind: Kind
    /// What asks it to end in good order, for example SIGINT for PostgreSQL.
    package let signal: Int32

    package init(_ identity: ProcessIdentity, _ kind: Kind, signal: Int32 = SIGTERM) {
        self.identity = identity
        self.kind = kind
        self.signal = signal
    }
}

/// One line from `run` to its guardian.
enum GuardianLine: Sendable, Equatable {
    /// `add PID START-TIME KIND SIGNAL`
    case add(GuardedProcess)
    /// `remove PID`
    case remove(Int32)

    init?(_ line: some StringProtocol) {
        let words = line.split(separator: " ")
        switch words.first {
        case "add":
            guard words.count == 5, let pid = Int32(words[1]), pid > 1, let startTime = UInt64(words[2]),
                let kind = GuardedProcess.Kind(rawValue: String(words[3])), let signal = Int32(words[4])
            else { return nil }
            self = .add(GuardedProcess(ProcessIdentity(pid: pid, startTime: startTime), kind, signal: signal))
        case "remove":
            guard words.count == 2, let pid = Int32(words[1]) else { return nil }
            self = .remove(pid)
        default:
            return nil
        }
    }

    var text: String {
        switch self {
        case .add(let process):
            "add \(process.identity.pid) \(process.identity.startTime) \(process.kind.rawValue) \(process.signal)\n"
        case .remove(let pid):
            "remove \(pid)\n"
        }
    }
}
