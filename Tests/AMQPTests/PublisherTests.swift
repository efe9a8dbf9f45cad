import Testing

@testable import AMQP

struct PublisherTests {
    /// Outcomes of batches by the order in which they were added.
    final class Results {
        var outcomes: [Int: [PublishOutcome]] = [:]
        var calls = 0
    }

    static func message(_ exchange: String) -> OutgoingMessage {
        OutgoingMessage(exchange: exchange, routingKey: "", body: [])
    }

    static func add(_ exchanges: [String], to publisher: inout Publisher, _ results: Results, _ name: Int) {
        publisher.add(
            PublishBatch(exchanges.map(message)) { outcomes in
                results.outcomes[name] = outcomes
                results.calls += 1
            })
    }

    static func sendAll(_ publisher: inout Publisher) {
        while let token = publisher.takeNext() { publisher.ledger.send(token) }
    }

    @Test func `a batch ends once, when its last message is settled, in the order of its messages`() {
        var publisher = Publisher()
        let results = Results()
        Self.add(["a", "a", "a"], to: &publisher, results, 0)
        Self.sendAll(&publisher)
        publisher.ledger.acknowledge(3, multiple: false) { $0.settle($1) }
        publisher.ledger.refuse(1, multiple: false) { $0.settle($1) }
        #expect(results.calls == 0)
        #expect(!publisher.isIdle)
        publisher.ledger.acknowledge(2, multiple: false) { $0.settle($1) }
        #expect(results.outcomes[0] == [.refused, .confirmed, .confirmed])
        #expect(results.calls == 1)
        #expect(publisher.isIdle)
    }

    @Test func `an empty batch ends at once`() {
        var publisher = Publisher()
        let results = Results()
        Self.add([], to: &publisher, results, 0)
        #expect(results.outcomes[0] == [])
        #expect(publisher.isIdle)
    }

    @Test func `a lost connection loses what was sent and what waits`() {
        var publisher = Publisher()
        let results = Results()
        Self.add(["a", "a"], to: &publisher, results, 0)
        Self.add(["a"], to: &publisher, results, 1)
        if let token = publisher.takeNext() { publisher.ledger.send(token) }
        publisher.connectionLost()
        #expect(results.outcomes == [0: [.lost, .lost], 1: [.lost]])
        #expect(publisher.isIdle)
    }

    @Test func `a missing exchange is the fault of the messages to it alone`() {
        var publisher = Publisher()
        let results = Results()
        Self.add(["good", "bad", "good"], to: &publisher, results, 0)
        Self.sendAll(&publisher)
        Self.add(["good"], to: &publisher, results, 1)
        let text = "NOT_FOUND - no exchange 'bad' in vhost '/'"
        publisher.channelClosed(code: 404, text: text)
        #expect(results.outcomes[0] == [.lost, .returned(code: 404, text: text), .lost])
        // What was not sent yet goes out on the next channel.
        #expect(results.outcomes[1] == nil)
        #expect(publisher.hasWaiting)
    }

    @Test func `the oldest confirm is owed for as long as it has been the oldest and the broker was not blocked`() {
        var publisher = Publisher()
        let results = Results()
        let start = ContinuousClock.Instant.now
        func delay(_ seconds: Int, isBlocked: Bool = false) -> Duration {
            publisher.confirmDelay(at: start.advanced(by: .seconds(seconds)), isBlocked: isBlocked)
        }
        #expect(delay(0) == .zero)
        Self.add(["a", "a", "a"], to: &publisher, results, 0)
        #expect(delay(1) == .zero)
        Self.sendAll(&publisher)
        #expect(delay(2) == .zero)
        #expect(delay(5) == .seconds(3))
        // Not the oldest one: it goes on.
        publisher.ledger.acknowledge(2, multiple: false) { $0.settle($1) }
        #expect(delay(6) == .seconds(4))
        publisher.ledger.acknowledge(1, multiple: false) { $0.settle($1) }
        #expect(delay(7) == .zero)
        #expect(delay(9) == .seconds(2))
        #expect(delay(10, isBlocked: true) == .zero)
        #expect(delay(11) == .zero)
        #expect(delay(12) == .seconds(1))
        publisher.connectionLost()
        #expect(delay(20) == .zero)
    }

    @Test func `a batch that is dropped ends as lost`() {
        let results = Results()
        do {
            var publisher = Publisher()
            Self.add(["a"], to: &publisher, results, 0)
        }
        #expect(results.outcomes == [0: [.lost]])
        #expect(results.calls == 1)
    }
}
