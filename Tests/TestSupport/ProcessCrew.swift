import Glibc

/// Processes of one kind, of which each that ends is replaced, as a supervisor would, until the crew is dismissed.
package actor ProcessCrew {
    private let start: @Sendable () async throws -> TestProcess
    private var members: [TestProcess] = []
    private var watches: [Task<Void, Never>] = []
    private var expected: Set<Int32> = []
    private var isDismissed = false
    /// Members that ended without being told to.
    package private(set) var ends = 0

    package init(_ count: Int, start: @escaping @Sendable () async throws -> TestProcess) async throws {
        self.start = start
        for _ in 0..<count { try await hire() }
    }

    private func hire() async throws {
        let member = try await start()
        members.append(member)
        watches.append(
            Task {
                _ = await member.exit()
                await self.ended(member)
            })
    }

    private func ended(_ member: TestProcess) async {
        members.removeAll { $0 === member }
        if !expected.contains(member.pid) { ends += 1 }
        if !isDismissed { try? await hire() }
    }

    /// The member that has served longest and was not told to end; or the one that is asked for.
    package func member(_ isWanted: (TestProcess) -> Bool = { _ in true }) -> TestProcess? {
        members.first { $0.isRunning && !expected.contains($0.pid) && isWanted($0) }
    }

    /// Ends a member, which another one replaces.
    package func end(_ member: TestProcess?, by signal: Int32 = SIGKILL) {
        guard let member else { return }
        expected.insert(member.pid)
        member.signal(signal)
    }

    /// Ends them all; nobody replaces them.
    package func dismiss() async {
        isDismissed = true
        for member in members { end(member) }
        // One that is being hired just now is found by the second look.
        for watch in watches { await watch.value }
        for member in members { end(member) }
    }
}
