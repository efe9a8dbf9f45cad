import Glibc

/// A wish to end, as the operating system tells it.
package enum TerminationSignal: Int32, Sendable, CaseIterable {
    case interrupt = 2
    case terminate = 15

    /// The exit code of a process that ended by this signal before it could finish.
    package var exitCode: Int32 { 128 + rawValue }
}

/// SIGTERM and SIGINT as a stream, and SIGPIPE ignored.
///
/// The handler writes one byte to a pipe, and a thread that does nothing else reads it: nothing else happens inside of
/// a signal handler. A child process starts with the default handlers (exec resets them) and inherits no blocked
/// signal, which it would with a signalfd.
package enum SignalStream {
    /// Each signal from now on, in order. The first call takes the signals over for the whole process; a later call
    /// gives a stream that ends at once, since one place must decide how a process ends. Once nobody reads the stream
    /// the signals end the process again.
    package static func terminations() -> AsyncStream<TerminationSignal> {
        AsyncStream(bufferingPolicy: .bufferingNewest(8)) { continuation in
            guard let reader = open() else {
                continuation.finish()
                return
            }
            continuation.onTermination = { _ in
                for signal in TerminationSignal.allCases { Glibc.signal(signal.rawValue, SIG_DFL) }
            }
            forward(from: reader, to: continuation)
        }
    }

    /// A write to a closed pipe or socket becomes the error EPIPE instead of the process's end.
    package static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }

    /// Installs the handlers and returns the end to read from; nil when they are installed already.
    private static func open() -> Int32? {
        var ends: [Int32] = [-1, -1]
        guard signalPipe.pointee < 0, pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // A full pipe must not stop the thread that the signal interrupted.
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        signalPipe.pointee = ends[1]

        ignoreBrokenPipes()
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { number in
            let before = errno
            var byte = UInt8(truncatingIfNeeded: number)
            _ = write(signalPipe.pointee, &byte, 1)
            errno = before
        }
        action.sa_flags = SA_RESTART
        for signal in TerminationSignal.allCases { sigaction(signal.rawValue, &action, nil) }
        return ends[0]
    }

    private static func forward(from reader: Int32, to continuation: AsyncStream<TerminationSignal>.Continuation) {
        let box = Unmanaged.passRetained(Forwarding(reader: reader, continuation: continuation))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { @Sendable argument in
                guard let argument else { return nil }
                Unmanaged<Forwarding>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, box.toOpaque())
        precondition(status == 0, "no thread for signals: \(status)")
        pthread_detach(thread)
    }
}

/// Where the handler writes to; -1 before there is a handler.
// SAFETY: written once, before the handlers are installed; a handler only reads it. A pointer, so that the handler
// touches plain memory and no variable whose access Swift might check.
nonisolated(unsafe) private let signalPipe: UnsafeMutablePointer<Int32> = {
    let pointer = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
    pointer.initialize(to: -1)
    return pointer
}()

private final class Forwarding: Sendable {
    private let reader: Int32
    private let continuation: AsyncStream<TerminationSignal>.Continuation

    init(reader: Int32, continuation: AsyncStream<TerminationSignal>.Continuation) {
        self.reader = reader
        self.continuation = continuation
    }

    func run() {
        while true {
            var byte: UInt8 = 0
            let count = read(reader, &byte, 1)
            if count == 1 {
                if let signal = TerminationSignal(rawValue: Int32(byte)) { continuation.yield(signal) }
            } else if count == 0 || errno != EINTR {
                return
            }
        }
    }
}
