import CLinux
import Glibc

/// One thread that waits on file descriptors and timers, and runs the Swift actors that name it as their executor.
///
/// An actor whose `unownedExecutor` is a loop may own the handles of a C library that belongs to one thread: the
/// compiler then checks who touches them. What a watched descriptor or a timer calls runs on the loop's thread, so it
/// enters such an actor by `assumeIsolated`.
///
/// Nothing that blocks belongs here, except where a loop has one owner that accepts the wait (a broker login).
/// `execute`, `enqueue` and `stop` may be called from any thread; all else only on the loop's thread (checked).
package final class EventLoop: SerialExecutor, @unchecked Sendable {
    /// What happened on a descriptor; `hangup` covers errors, which the next read or write reports.
    package struct Readiness: OptionSet, Sendable {
        package let rawValue: UInt32
        package init(rawValue: UInt32) { self.rawValue = rawValue }
        package static let readable = Readiness(rawValue: EPOLLIN.rawValue)
        package static let writable = Readiness(rawValue: EPOLLOUT.rawValue)
        package static let hangup = Readiness(rawValue: EPOLLERR.rawValue | EPOLLHUP.rawValue)
    }

    package typealias Handler = (Readiness) -> Void

    private enum Work {
        case job(UnownedJob)
        case block(@Sendable () -> Void)
    }

    private struct Watch {
        let handler: Handler
        let generation: UInt32
        var interest: Readiness
    }

    // SAFETY: `mutex` guards `inbox` and `isStopping`; everything else is touched on the loop's thread only, which
    // `preconditionOnLoop` checks on entry. A pthread mutex, since the thread sanitizer reports false races with
    // `Synchronization.Mutex` under contention.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var inbox: [Work] = []
    private var isStopping = false
    private var isAwake = false

    private let epoll: Int32
    private let wakeup: Int32
    private let thread: UnsafeMutablePointer<pthread_t>
    private var watches: [Int32: Watch] = [:]
    private var watchGeneration: UInt32 = 0
    private var timers = TimerHeap()
    private let name: String

    private static let wakeupKey = UInt64.max

    /// Starts the thread. `name` shows in `top -H` (at most 15 bytes of it).
    package init(name: String) {
        self.name = name
        mutex = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        thread = .allocate(capacity: 1)
        epoll = tessera_epoll_create()
        wakeup = tessera_eventfd()
        precondition(epoll >= 0 && wakeup >= 0, "no file descriptors left for an event loop")
        _ = tessera_epoll_control(epoll, EPOLL_CTL_ADD, wakeup, EPOLLIN.rawValue, Self.wakeupKey)

        let start = Unmanaged.passRetained(self).toOpaque()
        let status = pthread_create(
            thread, nil,
            { @Sendable argument in
                guard let argument else { return nil }
                Unmanaged<EventLoop>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, start)
        precondition(status == 0, "no thread for an event loop: \(status)")
        pthread_detach(thread.pointee)
    }

    deinit {
        close(epoll)
        close(wakeup)
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
        thread.deallocate()
    }

    // MARK: From any thread

    /// Runs `block` on the loop's thread, after what was handed over before it. A stopped loop drops it.
    package func execute(_ block: @escaping @Sendable () -> Void) { hand(over: .block(block)) }

    package func enqueue(_ job: consuming ExecutorJob) { hand(over: .job(UnownedJob(job))) }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    package func checkIsolated() { preconditionOnLoop() }

    package func isIsolatingCurrentContext() -> Bool? { isOnLoop }

    /// Ends the thread once what was handed over before has run. A second call does nothing.
    ///
    /// Only once no actor on this loop will be called again: such a call would never return.
    package func stop() {
        hand(over: nil)
    }

    private func hand(over work: Work?) {
        pthread_mutex_lock(mutex)
        if let work {
            if !isStopping { inbox.append(work) }
        } else {
            isStopping = true
        }
        let mustWake = !isAwake
        isAwake = true
        pthread_mutex_unlock(mutex)
        if mustWake { eventfd_write(wakeup, 1) }
    }

    // MARK: On the loop's thread

    package var isOnLoop: Bool { pthread_equal(pthread_self(), thread.pointee) != 0 }

    package func preconditionOnLoop() {
        precondition(isOnLoop, "called off the thread of event loop \(name)")
    }

    /// Calls `handler` whenever `fd` is ready for `interest` (level-triggered), until `unwatch`. A second call for the
    /// same descriptor replaces interest and handler.
    package func watch(_ fd: Int32, for interest: Readiness, _ handler: @escaping Handler) {
        preconditionOnLoop()
        let operation = watches[fd] == nil ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
        watchGeneration &+= 1
        watches[fd] = Watch(handler: handler, generation: watchGeneration, interest: interest)
        control(operation, fd, interest, watchGeneration)
    }

    /// Changes what a watched descriptor is watched for; the handler stays. No system call when nothing changes.
    package func rewatch(_ fd: Int32, for interest: Readiness) {
        preconditionOnLoop()
        guard let watch = watches[fd], watch.interest != interest else { return }
        watches[fd]?.interest = interest
        control(EPOLL_CTL_MOD, fd, interest, watch.generation)
    }

    /// Stops watching. To be called before the descriptor is closed: its number may be given to another at once.
    package func unwatch(_ fd: Int32) {
        preconditionOnLoop()
        guard watches.removeValue(forKey: fd) != nil else { return }
        _ = tessera_epoll_control(epoll, EPOLL_CTL_DEL, fd, 0, 0)
    }

    /// Calls `action` once, `delay` from now at the earliest, unless cancelled before.
    @discardableResult
    package func schedule(after delay: Duration, _ action: @escaping () -> Void) -> TimerID {
        preconditionOnLoop()
        return timers.insert(at: ContinuousClock.now.advanced(by: delay), action)
    }

    /// Takes a timer back; one that ran already, or was cancelled, is ignored.
    package func cancel(_ timer: TimerID) {
        preconditionOnLoop()
        timers.remove(timer)
    }

    private func control(_ operation: Int32, _ fd: Int32, _ interest: Readiness, _ generation: UInt32) {
        let key = UInt64(generation) << 32 | UInt64(UInt32(bitPattern: fd))
        let status = tessera_epoll_control(epoll, operation, fd, interest.rawValue, key)
        // A library may have closed a descriptor and been given its number again: epoll forgot it by itself.
        if status != 0, operation == EPOLL_CTL_MOD, errno == ENOENT {
            _ = tessera_epoll_control(epoll, EPOLL_CTL_ADD, fd, interest.rawValue, key)
        }
    }

    private func run() {
        tessera_name_this_thread(name)
        let capacity = 256
        let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: capacity)
        defer { events.deallocate() }

        while true {
            guard runInbox() else { break }
            let count = epoll_wait(epoll, events, Int32(capacity), timeout())
            for index in 0..<max(0, Int(count)) { dispatch(events[index]) }
            let now = ContinuousClock.now
            while let action = timers.takeDue(at: now) { action() }
        }
        watches.removeAll()
        timers = TimerHeap()
    }

    /// Runs what was handed over; false when the loop is to end. Bounded by what was there on entry, so that a flood
    /// of jobs cannot starve the descriptors.
    private func runInbox() -> Bool {
        pthread_mutex_lock(mutex)
        let work = inbox
        inbox.removeAll(keepingCapacity: true)
        let isLast = isStopping && work.isEmpty
        isAwake = !work.isEmpty
        pthread_mutex_unlock(mutex)

        for item in work {
            switch item {
            case .job(let job): job.runSynchronously(on: asUnownedSerialExecutor())
            case .block(let block): block()
            }
        }
        return !isLast
    }

    private func timeout() -> Int32 {
        pthread_mutex_lock(mutex)
        let pending = isAwake || isStopping
        pthread_mutex_unlock(mutex)
        if pending { return 0 }
        guard let next = timers.next else { return -1 }
        let wait = ContinuousClock.now.duration(to: next)
        if wait <= .zero { return 0 }
        // Rounded up: waking a moment early would only spin.
        let milliseconds = wait / .milliseconds(1)
        return Int32(min(milliseconds.rounded(.up), 60_000))
    }

    private func dispatch(_ event: epoll_event) {
        var event = event
        let key = tessera_epoll_key(&event)
        if key == Self.wakeupKey {
            var count: UInt64 = 0
            eventfd_read(wakeup, &count)
            return
        }
        let fd = Int32(bitPattern: UInt32(truncatingIfNeeded: key))
        // An earlier handler of this round may have removed or replaced the watch.
        guard let watch = watches[fd], watch.generation == UInt32(key >> 32) else { return }
        watch.handler(Readiness(rawValue: event.events))
    }
}
