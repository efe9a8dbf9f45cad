import Glibc

/// Where log lines go: one write(2) a line, and no caller waits long.
///
/// A descriptor that takes nothing (a collector that hangs on a pipe, a stopped terminal) holds a caller for
/// `patience` at most; the line is dropped, and so are the next ones without any wait until the descriptor takes
/// bytes again. The first line after that says how many were dropped. Safe from any thread.
package final class LogSink: @unchecked Sendable {
    private let descriptor: Int32
    private let patience: Int32

    // SAFETY: `mutex` guards `dropped`; the rest never changes. A pthread mutex, since the thread sanitizer reports
    // false races with `Synchronization.Mutex`.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var dropped = 0

    /// The process's stderr.
    package static let standardError = LogSink(descriptor: STDERR_FILENO)

    /// The descriptor stays the caller's, and open. `patience` is in milliseconds.
    package init(descriptor: Int32, patience: Int32 = 50) {
        self.descriptor = descriptor
        self.patience = patience
        mutex = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    func write(_ line: LogLine, _ format: LogFormat) {
        let bytes = line.bytes(format)
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard isWritable(within: dropped == 0 ? patience : 0) else {
            dropped += 1
            return
        }
        if dropped > 0 {
            var told = line
            told.append("dropped_lines", .integer(Int64(dropped)))
            dropped = put(told.bytes(format)) ? 0 : dropped + 1
        } else if !put(bytes) {
            dropped += 1
        }
    }

    /// A pipe is writable when it has room for `LogLine.byteLimit`, so that the write does not block.
    private func isWritable(within milliseconds: Int32) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        while true {
            let count = poll(&request, 1, milliseconds)
            if count >= 0 { return count == 1 && request.revents & Int16(POLLOUT) != 0 }
            if errno != EINTR { return false }
        }
    }

    private func put(_ bytes: [UInt8]) -> Bool {
        while true {
            let count = Glibc.write(descriptor, bytes, bytes.count)
            if count >= 0 { return true }
            if errno != EINTR { return false }
        }
    }
}
