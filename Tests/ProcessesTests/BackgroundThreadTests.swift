import Glibc
import Testing

@testable import Processes

struct BackgroundThreadTests {
    @Test func `what work gives comes back`() async throws {
        #expect(try await BackgroundThread.run { "value" } == "value")
    }

    @Test func `work that blocks holds none of Swift's threads`() async throws {
        // More than there are processors, each waiting for all others: on Swift's own threads they would never end.
        let count = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) + 4
        let barrier = UnsafeMutablePointer<pthread_barrier_t>.allocate(capacity: 1)
        pthread_barrier_init(barrier, nil, UInt32(count))
        defer {
            pthread_barrier_destroy(barrier)
            barrier.deallocate()
        }
        let address = UInt(bitPattern: barrier)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                group.addTask {
                    try await BackgroundThread.run {
                        _ = UnsafeMutablePointer<pthread_barrier_t>(bitPattern: address).map(pthread_barrier_wait)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `no thread to be had is an error, and the work is let go`() {
        final class Witness: Sendable {}
        weak var left: Witness?
        let error = #expect(throws: ProcessError.self) {
            let witness = Witness()
            left = witness
            // A stack that no machine has room for.
            try BackgroundThread.start(stackBytes: 1 << 60) { _ = witness }
        }
        #expect(error?.code == .noThread)
        #expect(error?.description.hasPrefix("no thread for a call that blocks: ") == true)
        #expect(left == nil)
    }
}
