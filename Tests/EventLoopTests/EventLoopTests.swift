import EventLoop
import Glibc
import Testing

struct EventLoopTests {
    actor Owner {
        let loop: EventLoop
        nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
        init(_ loop: EventLoop) { self.loop = loop }
        var isOnLoop: Bool { loop.isOnLoop }

        /// The order in which timers of these delays ran, the one at `cancelled` taken back.
        func order(of delays: [Duration], cancelled: Int) async -> [Int] {
            await withCheckedContinuation { continuation in
                var ran: [Int] = []
                var timers: [TimerID] = []
                for (index, delay) in delays.enumerated() {
                    timers.append(
                        loop.schedule(after: delay) {
                            ran.append(index)
                            if ran.count == delays.count - 1 { continuation.resume(returning: ran) }
                        })
                }
                loop.cancel(timers[cancelled])
            }
        }

        func firstByte(from fd: Int32) async -> UInt8 {
            await withCheckedContinuation { continuation in
                loop.watch(fd, for: .readable) { [loop] readiness in
                    #expect(readiness.contains(.readable))
                    var byte: UInt8 = 0
                    read(fd, &byte, 1)
                    loop.unwatch(fd)
                    continuation.resume(returning: byte)
                }
            }
        }
    }

    @Test func `an actor on a loop runs on its thread`() async {
        let loop = EventLoop(name: "test")
        defer { loop.stop() }
        #expect(await Owner(loop).isOnLoop)
        #expect(!loop.isOnLoop)
    }

    @Test func `timers run in the order they are due, cancelled ones not at all`() async {
        let loop = EventLoop(name: "test")
        defer { loop.stop() }
        let delays: [Duration] = [.milliseconds(30), .milliseconds(1), .milliseconds(1), .milliseconds(10)]
        #expect(await Owner(loop).order(of: delays, cancelled: 3) == [1, 2, 0])
    }

    @Test func `a watched descriptor calls its handler`() async {
        let loop = EventLoop(name: "test")
        defer { loop.stop() }
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let writer = ends[1]
        loop.execute {
            var byte: UInt8 = 42
            write(writer, &byte, 1)
        }
        #expect(await Owner(loop).firstByte(from: ends[0]) == 42)
        close(ends[0])
        close(ends[1])
    }
}
