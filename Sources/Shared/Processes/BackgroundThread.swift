import Glibc

/// A thread for one call that blocks, so that none of Swift's own few threads is held by it.
package enum BackgroundThread {
    private final class Box: Sendable {
        let work: @Sendable () -> Void
        init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }

    /// Runs `work` on a thread of its own, which ends with it.
    ///
    /// - Throws: `.noThread` when the system has none left; `work` is not run then.
    package static func start(_ work: @escaping @Sendable () -> Void) throws(ProcessError) {
        try start(stackBytes: nil, work)
    }

    static func start(stackBytes: Int?, _ work: @escaping @Sendable () -> Void) throws(ProcessError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        if let stackBytes { pthread_attr_setstacksize(&attributes, stackBytes) }
        let box = Unmanaged.passRetained(Box(work))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, &attributes,
            { @Sendable argument in
                guard let argument else { return nil }
                Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().work()
                return nil
            }, box.toOpaque())
        guard status != 0 else { return }
        box.release()
        throw ProcessError(.noThread, "no thread for a call that blocks", status)
    }

    /// What `work` gives, from a thread of its own.
    ///
    /// - Throws: `.noThread`, as `start` does.
    package static func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async throws(ProcessError)
        -> Value
    {
        let result: Result<Value, ProcessError> = await withCheckedContinuation { continuation in
            do throws(ProcessError) {
                try start { continuation.resume(returning: .success(work())) }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        return try result.get()
    }
}
