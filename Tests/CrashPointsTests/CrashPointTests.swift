import Testing

@testable import CrashPoints

struct CrashPointTests {
    @Test(arguments: [("a", "a", 1), ("a:3", "a", 3), ("a:0", "a", 1), ("a:x", "a", 1)])
    func `the variable names a point and one of its passages`(text: String, name: String, passage: Int) throws {
        let order = try #require(CrashOrder(text))
        #expect(order.name == name)
        #expect(order.passage == passage)
    }

    @Test func `an empty variable arms nothing`() {
        #expect(CrashOrder("") == nil)
        #expect(!CrashPoint("a", order: nil).isArmed)
    }

    @Test func `one passage of all is the one to die at`() throws {
        let order = try #require(CrashOrder("a:3"))
        #expect((1...5).map { _ in order.countPassage() } == [false, false, true, false, false])
    }

    @Test func `a point that is not named lets everybody pass`() throws {
        let order = try #require(CrashOrder("a:1"))
        let point = CrashPoint("b", order: order)
        #expect(!point.isArmed)
        for _ in 0..<10 { point.pass() }
        #expect(order.countPassage())
    }

    @Test func `an armed point kills the process, whichever copy of it is passed`() async {
        await #expect(processExitsWith: .signal(9)) {
            let order = CrashOrder("a:2")
            CrashPoint("a", order: order).pass()
            CrashPoint("a", order: order).pass()
        }
        await #expect(processExitsWith: .success) {
            CrashPoint("a", order: CrashOrder("a:2")).pass()
        }
    }

    @Test func `a prompt's fault is found by its marker`() throws {
        let faults = try #require(PromptFaults("kill:Title 7\nmemory:a:b"))
        #expect(faults.kind(for: "Write: Title 7.") == .kill)
        #expect(faults.kind(for: "of a:b") == .memory)
        #expect(faults.kind(for: "Title 8") == nil)
        #expect(PromptFaults("") == nil && PromptFaults("burn:x") == nil)
    }
}
