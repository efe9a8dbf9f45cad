import Testing

@testable import Delivering

struct NameClashTests {
    private let start = ContinuousClock.now

    private func verdict(_ clash: inout NameClash, _ seconds: Int) -> NameClash.Verdict {
        clash.refused(at: start.advanced(by: .seconds(seconds)))
    }

    @Test func `that another worker has the name is said once, after ten seconds`() {
        var clash = NameClash()
        var said: [Int: NameClash.Verdict] = [:]
        for second in 0...20 {
            let verdict = verdict(&clash, second)
            if verdict != .silent { said[second] = verdict }
        }
        #expect(said == [0: .held, 10: .taken])
    }

    @Test func `a cut connection in between begins anew`() {
        var clash = NameClash()
        #expect(verdict(&clash, 0) == .held)
        clash.otherwise()
        #expect(verdict(&clash, 11) == .held)
        #expect(verdict(&clash, 20) == .silent)
        #expect(verdict(&clash, 21) == .taken)
    }
}
