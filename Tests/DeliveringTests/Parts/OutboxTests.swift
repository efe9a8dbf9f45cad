import Testing

@testable import Delivering

struct OutboxTests {
    let start = ContinuousClock.now
    let lane = OutboxLane(kind: .results, partition: 1)

    private func connected() -> Outbox {
        var outbox = Outbox()
        outbox.connectionChanged(isConnected: true)
        return outbox
    }

    private func id(_ serial: Int) -> CellID { CellID(serial: UInt64(serial)) }

    @Test func `an outcome after a quiet moment goes at once`() {
        var outbox = connected()
        outbox.put(id(1), bytes: 10, in: lane, at: start)
        #expect(outbox.nextDue(start) == start)
        #expect(outbox.take(start).map(\.cells) == [[id(1)]])
        #expect(outbox.nextDue(start) == nil)
    }

    @Test func `what follows gathers for 5 ms, each lane for itself`() {
        var outbox = connected()
        outbox.put(id(1), bytes: 10, in: lane, at: start)
        _ = outbox.take(start)
        let other = OutboxLane(kind: .results, partition: 2)
        let next = start + .milliseconds(1)
        outbox.put(id(2), bytes: 10, in: lane, at: next)
        outbox.put(id(3), bytes: 10, in: other, at: next + .milliseconds(1))
        outbox.put(id(4), bytes: 10, in: lane, at: next + .milliseconds(2))
        #expect(outbox.take(next + .milliseconds(4)).isEmpty)
        #expect(outbox.nextDue(next) == next + .milliseconds(5))
        let batches = outbox.take(next + .milliseconds(5))
        #expect(batches.map(\.lane) == [lane, other])
        #expect(batches.map(\.cells) == [[id(2), id(4)], [id(3)]])
    }

    @Test func `a message is closed at 500 outcomes`() {
        var outbox = connected()
        for serial in 1...1100 { outbox.put(id(serial), bytes: 10, in: lane, at: start) }
        #expect(outbox.take(start).map(\.cells.count) == [500, 500, 100])
    }

    @Test func `a message is closed at 256 KiB, and a larger outcome goes alone`() {
        var outbox = connected()
        for (place, kibibytes) in [100, 100, 100, 300, 10].enumerated() {
            outbox.put(id(place), bytes: kibibytes << 10, in: lane, at: start)
        }
        #expect(outbox.take(start).map(\.cells) == [[id(0), id(1)], [id(2)], [id(3)], [id(4)]])
        #expect(outbox.unconfirmedBytes == 610 << 10)
    }

    @Test func `enough for a message does not wait for the window`() {
        var outbox = connected()
        outbox.put(id(1), bytes: 10, in: lane, at: start)
        _ = outbox.take(start)
        for serial in 2...501 { outbox.put(id(serial), bytes: 10, in: lane, at: start) }
        #expect(outbox.take(start).count == 1)
    }

    @Test func `dead letters go one by one`() {
        var outbox = connected()
        outbox.put(id(1), bytes: 10, in: .dead, at: start)
        outbox.put(id(2), bytes: 10, in: .dead, at: start)
        #expect(outbox.take(start).map(\.cells) == [[id(1)], [id(2)]])
    }

    @Test func `a confirm frees the bytes and says whose outcomes they were, once`() {
        var outbox = connected()
        outbox.put(id(1), bytes: 10, in: lane, at: start)
        let batch = outbox.take(start)[0]
        #expect(outbox.confirm(batch.id) == [id(1)])
        #expect(outbox.confirm(batch.id).isEmpty)
        #expect(outbox.unconfirmedBytes == 0)
        #expect(outbox.isEmpty)
    }

    @Test func `what was lost is published again, what is not wanted any more is not`() {
        var outbox = connected()
        for serial in 1...3 { outbox.put(id(serial), bytes: 10, in: lane, at: start) }
        let batch = outbox.take(start)[0]
        outbox.connectionChanged(isConnected: false)
        outbox.lose(batch.id, at: start) { $0 == id(2) ? nil : 10 }
        #expect(outbox.take(start + .seconds(1)).isEmpty)
        #expect(outbox.nextDue(start) == nil)
        outbox.connectionChanged(isConnected: true)
        let again = outbox.take(start + .seconds(1))
        #expect(again.map(\.cells) == [[id(1), id(3)]])
        #expect(again[0].id != batch.id)
    }

    @Test func `pauses after refusals double up to 5 seconds, and a confirm ends them`() {
        var outbox = connected()
        outbox.put(id(1), bytes: 10, in: lane, at: start)
        var now = start
        var pauses: [Duration] = []
        for _ in 0..<8 {
            let batch = outbox.take(now)[0]
            outbox.refuse(batch.id, isUnroutable: true, at: now) { _ in 10 }
            let due = outbox.nextDue(now) ?? now
            pauses.append(now.duration(to: due))
            #expect(outbox.take(due - .milliseconds(1)).isEmpty)
            now = due
        }
        #expect(pauses == [100, 200, 400, 800, 1600, 3200, 5000, 5000].map { .milliseconds($0) })
        #expect(outbox.isUnroutable)
        _ = outbox.confirm(outbox.take(now)[0].id)
        #expect(!outbox.isUnroutable)
    }

    @Test func `a volley that is refused counts once`() {
        var outbox = connected()
        for serial in 1...1500 { outbox.put(id(serial), bytes: 10, in: lane, at: start) }
        for batch in outbox.take(start) { outbox.refuse(batch.id, isUnroutable: false, at: start) { _ in 10 } }
        #expect(outbox.nextDue(start) == start + .milliseconds(100))
        #expect(outbox.take(start + .milliseconds(100)).map(\.cells.count) == [500, 500, 500])
    }

    @Test func `a lane of which nothing is wanted any more holds nothing up`() {
        var outbox = connected()
        outbox.put(id(1), bytes: 10, in: lane, at: start)
        outbox.refuse(outbox.take(start)[0].id, isUnroutable: true, at: start) { _ in nil }
        #expect(!outbox.isUnroutable)
        outbox.put(id(2), bytes: 10, in: lane, at: start)
        outbox.refuse(outbox.take(start + .milliseconds(10))[0].id, isUnroutable: true, at: start) { _ in 10 }
        #expect(outbox.isUnroutable)
        let again = outbox.take(start + .seconds(1))
        outbox.lose(again[0].id, at: start + .seconds(1)) { _ in nil }
        #expect(!outbox.isUnroutable)
    }

    @Test func `a pause that is over does not make the rest of a window busy`() {
        var outbox = connected()
        outbox.put(id(1), bytes: 10, in: lane, at: start)
        outbox.refuse(outbox.take(start)[0].id, isUnroutable: false, at: start) { _ in 10 }
        _ = outbox.take(start + .milliseconds(100))
        let late = start + .milliseconds(101)
        outbox.put(id(2), bytes: 10, in: lane, at: late)
        #expect(outbox.nextDue(late) == late + .milliseconds(5))
    }

    @Test func `a refused lane does not hold up the others`() {
        var outbox = connected()
        let other = OutboxLane(kind: .salvage, partition: 1)
        outbox.put(id(1), bytes: 10, in: lane, at: start)
        outbox.refuse(outbox.take(start)[0].id, isUnroutable: true, at: start) { _ in 10 }
        outbox.put(id(2), bytes: 10, in: other, at: start + .milliseconds(10))
        #expect(outbox.take(start + .milliseconds(20)).map(\.lane) == [other])
    }
}
