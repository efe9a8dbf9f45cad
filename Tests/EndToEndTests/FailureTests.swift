import AMQP
import Foundation
import Glibc
import JSON
import Messages
import Postgres
import TestSupport
import Testing

extension EndToEnd {
    @Suite(.serialized) struct FailureTests {
        @Test func `cells that fail with a 500 come back after their backoff and succeed`() async throws {
            let cluster = try await TestCluster.make()
            // A failure is a function of the prompt and how often it was tried: none fails three times at this rate.
            try await cluster.startSimulator(["--latency-ms", "5", "--error-rate", "0.05", "--error-key", "attempt"])
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            let job = try await cluster.submit(records: 400)
            let exit = try await cluster.wait(job)
            let status = try await cluster.status(job)
            let failed = status["attempts"]?["failed"]?.intValue ?? 0
            #expect(failed > 10, "the simulator failed \(failed) calls only")
            let dropped = status["records"]?["dropped"]?.intValue ?? -1
            #expect(exit == (dropped > 0 ? 2 : 0))
            #expect((status["records"]?["completed"]?.intValue ?? 0) + dropped == 400)
            #expect(dropped < 5)
            await cluster.stop()
        }

        @Test func `a record is dropped with its reason when its rounds are used up`() async throws {
            let cluster = try await TestCluster.make()
            // The same prompts fail whenever they are tried.
            try await cluster.startSimulator(["--latency-ms", "5", "--error-rate", "0.02", "--error-key", "prompt"])
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            let job = try await cluster.submit(records: 300)
            #expect(try await cluster.wait(job) == 2)
            let status = try await cluster.status(job)
            let dropped = status["records"]?["dropped"]?.intValue ?? 0
            #expect(dropped > 0)
            #expect((status["records"]?["completed"]?.intValue ?? 0) + dropped == 300)
            let reasons = status["drop_reasons"]?.arrayValue ?? []
            #expect(reasons.reduce(0) { $0 + ($1["records"]?.intValue ?? 0) } == dropped)
            #expect(reasons.allSatisfy { $0["kind"]?.stringValue == "server_error" })
            _ = try await cluster.export(job)
            let failures = try String(contentsOfFile: "\(cluster.folder)/out/failures.jsonl", encoding: .utf8)
            let lines = failures.split(separator: "\n")
            #expect(lines.count == dropped)
            for line in lines { #expect(try JSONValue(parsing: line)["attempts"]?.intValue == 3) }
            await cluster.stop()
        }

        @Test(arguments: [401, 403, 404])
        func `an endpoint that refuses all costs no attempt, and is asked again every few seconds`(status: Int)
            async throws
        {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "5", "--fail-status", "\(status)"])
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            let job = try await cluster.submit(records: 100)
            try await eventually("the worker calls") { try await cluster.simulatorTotal("errors") > 0 }
            let early = try await cluster.simulatorTotal("errors")
            try await eventually("it probes again", within: .seconds(40)) {
                try await cluster.simulatorTotal("errors") > early + 1
            }
            // What was in flight when it began, then a few probes of each route.
            #expect(try await cluster.simulatorTotal("errors") <= 64 * 2 + 20)
            #expect(try await cluster.status(job)["attempts"]?["failed"]?.intValue == 0)
            try await cluster.configureSimulator("fail-status=0")
            #expect(try await cluster.wait(job) == 0)
            #expect(try await cluster.status(job)["records"]?["completed"]?.intValue == 100)
            await cluster.stop()
        }

        @Test func `an endpoint that cannot be reached costs no attempt`() async throws {
            let cluster = try await TestCluster.make()
            let simulator = try await cluster.startSimulator(["--latency-ms", "5"])
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            simulator.signal(SIGKILL)
            _ = await simulator.exit()
            let job = try await cluster.submit(records: 100)
            try await eventually("cells come back") {
                try await cluster.pool.run(.init("select coalesce(sum(returned), 0)::bigint from usage"))[0].int64(0)
                    > 0
            }
            try await cluster.startSimulator(["--latency-ms", "5"])
            #expect(try await cluster.wait(job) == 0)
            #expect(try await cluster.status(job)["attempts"]?["failed"]?.intValue == 0)
            await cluster.stop()
        }

        @Test func `an endpoint that refuses what is above its capacity loses nothing`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "20", "--max-concurrency", "8"])
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            try await cluster.startWorker()
            let job = try await cluster.submit(records: 60)
            #expect(try await cluster.wait(job) == 0)
            #expect(try await cluster.simulatorTotal("r429") > 0)
            #expect(try await cluster.status(job)["attempts"]?["failed"]?.intValue == 0)
            await cluster.stop()
        }

        @Test func `a value that the database refuses costs its own record only`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "5"])
            // About one answer in 40, by its own text.
            try await cluster.pool.run(
                .init("alter table cells add constraint refused check (hashtext(value) % 40 <> 7)"))
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            let job = try await cluster.submit(records: 200)
            #expect(try await cluster.wait(job) == 2)
            let status = try await cluster.status(job)
            let dropped = status["records"]?["dropped"]?.intValue ?? 0
            #expect(dropped > 0 && dropped < 40)
            #expect((status["records"]?["completed"]?.intValue ?? 0) + dropped == 200)
            #expect(status["drop_reasons"]?.arrayValue?.allSatisfy { $0["kind"]?.stringValue == "unstorable" } == true)
            await cluster.stop()
        }

        @Test func `a task that no worker can read is charged, and its cell sent again`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "5"])
            try await cluster.startCoordinator()
            // No worker yet: one task is taken from its queue, and given back as a later version would write it.
            let job = try await cluster.submit(records: 20)
            let broker = try await cluster.brokerConnection()
            let (bodies, taken) = AsyncStream.makeStream(of: [UInt8].self)
            try await eventually("tasks wait") {
                (try? await broker.inspect(queue: TestCluster.routes[0].queue)?.readyMessages) ?? 0 > 10
            }
            let thief = try await broker.consume(
                ConsumerConfiguration(queue: TestCluster.routes[0].queue, prefetch: 1, noAck: false)
            ) { event in
                if case .deliveries(let deliveries) = event {
                    for delivery in deliveries { taken.yield(delivery.body) }
                }
            }
            var body: [UInt8] = []
            for await first in bodies {
                body = first
                break
            }
            // Back in the queue, beside a copy whose version says 99: field 1, and the last of a field counts.
            await thief.closeChannel()
            let later = OutgoingMessage(
                exchange: Topics.tasks, routingKey: TestCluster.routes[0].key, body: body + [0x08, 99])
            #expect(await broker.publish([later]) == [.confirmed])
            await broker.close()
            try await cluster.startWorker()
            #expect(try await cluster.wait(job) == 0)
            try await eventually("it is kept") {
                try await cluster.pool.run(.init("select count(*) from dead_letters"))[0].int64(0) == 1
            }
            // Charged where it came before the other copy's value; else it is waste. Nobody waited for either.
            let usage = Statement("select coalesce(sum(failed + wasted), 0)::bigint from usage")
            try await eventually("salvage had it") { try await cluster.pool.run(usage)[0].int64(0) >= 1 }
            await cluster.stop()
        }

        @Test func `a body that nobody can read is kept, and stops nothing`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "5"])
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            let job = try await cluster.submit(records: 50)
            let broker = try await cluster.brokerConnection()
            for (exchange, key) in [
                (Topics.tasks, TestCluster.routes[0].key), (Topics.results, "0"), (Topics.salvage, "0"),
            ] {
                let letter = OutgoingMessage(exchange: exchange, routingKey: key, body: Array("not ours".utf8))
                try await eventually("\(exchange) takes it") { await broker.publish([letter]) == [.confirmed] }
            }
            await broker.close()
            #expect(try await cluster.wait(job) == 0)
            try await eventually("all three are kept") {
                try await cluster.pool.run(.init("select count(*) from dead_letters"))[0].int64(0) == 3
            }
            await cluster.stop()
        }
    }
}
