import Glibc

/// Keeps what callbacks were given, and lets a test wait for it.
final class Recorder<Element: Sendable>: @unchecked Sendable {
    private struct Waiter {
        let id: Int
        let isFulfilled: @Sendable ([Element]) -> Bool
        let continuation: CheckedContinuation<[Element], any Error>
    }

    // SAFETY: `mutex` guards all else.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var elements: [Element] = []
    private var waiters: [Waiter] = []
    private var lastID = 0

    init() { pthread_mutex_init(mutex, nil) }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    func record(_ element: Element) { record(contentsOf: [element]) }

    func record(contentsOf new: [Element]) {
        let (all, fulfilled) = locked {
            elements.append(contentsOf: new)
            let fulfilled = waiters.filter { $0.isFulfilled(elements) }
            if !fulfilled.isEmpty { waiters.removeAll { $0.isFulfilled(elements) } }
            return (elements, fulfilled)
        }
        for waiter in fulfilled { waiter.continuation.resume(returning: all) }
    }

    var all: [Element] { locked { elements } }

    /// What was recorded, once it is as wanted.
    ///
    /// - Throws: when the test is cancelled, as for taking too long.
    @discardableResult
    func wait(until isFulfilled: @escaping @Sendable ([Element]) -> Bool) async throws -> [Element] {
        let id = locked {
            lastID += 1
            return lastID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let now = locked { () -> Result<[Element], any Error>? in
                    if isFulfilled(elements) { return .success(elements) }
                    if Task.isCancelled { return .failure(CancellationError()) }
                    waiters.append(Waiter(id: id, isFulfilled: isFulfilled, continuation: continuation))
                    return nil
                }
                if let now { continuation.resume(with: now) }
            }
        } onCancel: {
            let cancelled = locked {
                let cancelled = waiters.filter { $0.id == id }
                waiters.removeAll { $0.id == id }
                return cancelled
            }
            for waiter in cancelled { waiter.continuation.resume(throwing: CancellationError()) }
        }
    }

    @discardableResult
    func wait(forCount count: Int) async throws -> [Element] { try await wait { $0.count >= count } }

    private func locked<Value>(_ body: () -> Value) -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}
