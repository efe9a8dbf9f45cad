import AMQP
import EventLoop
import Logging
import Testing

@testable import Delivering

struct WorkerTasksTests {
    @Test func `what a worker does beside everything else is let go when it is over`() async throws {
        let configuration = WorkerConfiguration(
            id: "w", broker: try BrokerURL("amqp://127.0.0.1"), providers: [], host: "h")
        let service = WorkerService(configuration: configuration, logger: Logger(label: "test"))
        let (reached, gate) = AsyncStream<Int>.makeStream()
        let (opened, opener) = AsyncStream<Void>.makeStream()
        await service.beside { _ in for await _ in opened {} }
        for number in 0..<100 {
            await service.beside { _ in
                await Task.yield()
                gate.yield(number)
            }
        }
        var numbers: Set<Int> = []
        for await number in reached {
            numbers.insert(number)
            if numbers.count == 100 { break }
        }
        // Only what still waits is kept, to be cancelled at the end.
        #expect(await service.tasks.count == 1)
        let last = try #require(await service.tasks.values.first)
        opener.finish()
        await last.value
        #expect(await service.tasks.isEmpty)
        service.loop.stop()
    }
}
