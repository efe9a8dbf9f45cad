import Glibc

/// Where other threads leave what an actor takes at its next turn: one lock a batch, no task a message.
final class Inbox<Element: Sendable>: @unchecked Sendable {
    // SAFETY: `lock` guards `elements`; a pthread mutex, as everywhere (false races with `Synchronization.Mutex`).
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private var elements: [Element] = []
    private let signal: AsyncStream<Void>.Continuation

    /// - Parameter signal: woken at each `put`.
    init(waking signal: AsyncStream<Void>.Continuation) {
        self.signal = signal
        lock = .allocate(capacity: 1)
        pthread_mutex_init(lock, nil)
    }

    deinit {
        pthread_mutex_destroy(lock)
        lock.deallocate()
    }

    /// - Parameter isOutdated: elements that this one makes useless; they go, so that news do not pile up while the
    ///   actor waits for something.
    func put(_ element: Element, replacing isOutdated: ((Element) -> Bool)? = nil) {
        pthread_mutex_lock(lock)
        if let isOutdated { elements.removeAll(where: isOutdated) }
        elements.append(element)
        pthread_mutex_unlock(lock)
        signal.yield()
    }

    /// Has the actor take another turn though nothing new came.
    func wake() { signal.yield() }

    var isEmpty: Bool {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return elements.isEmpty
    }

    func takeAll() -> [Element] {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        var taken: [Element] = []
        swap(&taken, &elements)
        return taken
    }
}
