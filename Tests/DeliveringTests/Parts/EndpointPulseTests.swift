import Testing

@testable import Delivering

struct EndpointPulseTests {
    @Test func `an endpoint is asked once for all who wait`() {
        var pulse = EndpointPulse<Int>()
        let asks = [1, 2].map { waiter in pulse.wait(waiter, for: "a") }
        let other = pulse.wait(3, for: "b")
        #expect(asks == [true, false] && other)
        let answered = pulse.answered("a")
        #expect(answered == [1, 2])
        let again = pulse.wait(4, for: "a")
        #expect(again)
    }
}
