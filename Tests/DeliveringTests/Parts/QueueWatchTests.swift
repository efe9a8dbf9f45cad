import Testing

@testable import Delivering

struct QueueWatchTests {
    private let start = ContinuousClock.now

    @Test func `an endpoint that answers is asked as often as wanted`() {
        var watch = QueueWatch()
        #expect(watch.ask(every: .seconds(1), start) == 0)
        // Not again while the answer is on its way.
        #expect(watch.ask(every: .seconds(1), start + .seconds(2)) == nil)
        watch.answered(3, places: 2, start + .seconds(2))
        #expect(watch.ask(every: .seconds(1), start + .milliseconds(2900)) == nil)
        #expect(watch.ask(every: .milliseconds(100), start + .milliseconds(2100)) == 0)
        // A question that was lost.
        #expect(watch.ask(every: .seconds(1), start + .seconds(8)) == 0)
    }

    @Test func `one without the figure is asked everywhere, and then ever more rarely`() {
        var watch = QueueWatch()
        #expect(watch.ask(every: .seconds(1), start) == 0)
        watch.answered(nil, places: 2, start)
        #expect(watch.ask(every: .seconds(1), start) == 1)
        watch.answered(nil, places: 2, start)
        #expect(watch.ask(every: .seconds(1), start + .seconds(14)) == nil)
        #expect(watch.ask(every: .seconds(1), start + .seconds(15)) == 0)
        watch.answered(nil, places: 1, start + .seconds(15))
        #expect(watch.ask(every: .seconds(1), start + .seconds(44)) == nil)
        #expect(watch.ask(every: .seconds(1), start + .seconds(45)) != nil)
    }
}
