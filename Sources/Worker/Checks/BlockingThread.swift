import Glibc

/// Threads for calls that block, so that none of Swift's own few threads is held by them.
enum BlockingThread {
    private final class Box: Sendable {
        let work: @Sendable () -> Void
        init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }

    static func start(_ work: @escaping @Sendable () -> Void) {
        let argument = Unmanaged.passRetained(Box(work)).toOpaque()
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { @Sendable argument in
                guard let argument else { return nil }
                Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().work()
                return nil
            }, argument)
        precondition(status == 0, "no thread to wait for a tool: \(status)")
        pthread_detach(thread)
    }
}
