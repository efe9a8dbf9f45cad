import Glibc
import TestSupport

/// Workers of which each that ends is replaced, as a supervisor would, until the crew is dismissed.
actor WorkerCrew {
    private let cluster: TestCluster
    private let environment: [String: String]
    private var workers: [TestProcess] = []
    private var watches: [Task<Void, Never>] = []
    private var isDismissed = false
    /// Workers that ended by themselves.
    private(set) var ends = 0
    private var killed: Set<Int32> = []

    init(_ cluster: TestCluster, _ count: Int, environment: [String: String] = [:]) async throws {
        self.cluster = cluster
        self.environment = environment
        for _ in 0..<count { try await hire() }
    }

    private func hire() async throws {
        let worker = try await cluster.startWorker(environment)
        workers.append(worker)
        watches.append(
            Task {
                _ = await worker.exit()
                await self.ended(worker)
            })
    }

    private func ended(_ worker: TestProcess) async {
        workers.removeAll { $0 === worker }
        if !killed.contains(worker.pid) { ends += 1 }
        if !isDismissed { try? await hire() }
    }

    /// SIGKILL to the one that has served longest.
    func killOne() {
        guard let worker = workers.first(where: { $0.isRunning && !killed.contains($0.pid) }) else { return }
        killed.insert(worker.pid)
        worker.signal(SIGKILL)
    }

    /// Ends them all.
    func dismiss() async {
        isDismissed = true
        for worker in workers {
            killed.insert(worker.pid)
            worker.signal(SIGKILL)
        }
        for watch in watches { await watch.value }
    }
}
