import Foundation
import Glibc
import Postgres
import TestSupport
import Testing

extension EndToEnd {
    @Suite(.serialized) struct WatchTests {
        private func watch(
            _ job: String, _ cluster: TestCluster, columns: Int, rows: Int = 24, _ extra: [String: String] = [:]
        ) throws -> PseudoTerminal {
            let quiet = ["NO_COLOR": "", "TERM": "xterm"].merging(extra) { $1 }
            return try PseudoTerminal(
                BuiltProducts.path("coordinator"), ["watch", job],
                environment: cluster.environment.merging(quiet) { $1 }, folder: cluster.folder, columns: columns,
                rows: rows)
        }

        @Test func `a panel is drawn over in place, on wide and narrow terminals, with and without colours`()
            async throws
        {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "40", "--model-concurrency", "sim/writer=8"])
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            let job = try await cluster.submit(records: 300)
            try await cluster.waitForRecords(1)
            let terminals = [
                try watch(job, cluster, columns: 100), try watch(job, cluster, columns: 36),
                try watch(job, cluster, columns: 20, rows: 5), try watch(job, cluster, columns: 100, ["NO_COLOR": "1"]),
                try watch(job, cluster, columns: 100, ["TERM": "dumb"]),
            ]
            for (place, terminal) in terminals.enumerated() {
                let (exit, text) = await terminal.end()
                #expect(exit == 0)
                let screen = TerminalScreen(text, columns: terminal.columns)
                // It was drawn many times, and stands there once.
                #expect(text.components(separatedBy: place == 2 ? "recor" : "records  ").count > 3, "\(place)")
                let records = screen.text.filter { $0.hasPrefix("  records") || $0.hasPrefix("  recor…") }
                #expect(records.count == 1 && records.first?.contains("300/300") == true, "\(screen.text)")
                #expect(screen.text.filter { $0.hasPrefix("job ") }.count == 1)
                #expect(!screen.hasWrapped, "\(screen.text)")
                #expect(screen.hasColor == (place < 3), "\(place)")
                // More lines than the terminal has would scroll away, and be drawn twice.
                #expect(screen.text.filter { !$0.isEmpty }.count == (place == 2 ? 4 : 6), "\(screen.text)")
            }
            await cluster.stop()
        }

        @Test func `Ctrl-C detaches, and the job goes on; without a terminal there are plain lines`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "60", "--model-concurrency", "sim/writer=8"])
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            let job = try await cluster.submit(records: 200)
            try await cluster.waitForRecords(1)
            let terminal = try watch(job, cluster, columns: 80)
            // It has drawn: it asks the database, which a signal before that would find unprepared.
            try await eventually("it watches") {
                let rows = try await cluster.pool.run(.watchers)
                return try rows[0].int64(0) > 0
            }
            terminal.signal(SIGINT)
            let (exit, text) = await terminal.end()
            #expect(exit == 130)
            #expect(text.contains("detached; the job goes on. coordinator watch"))
            let plain = try await cluster.coordinator(["watch", job])
            #expect(plain.exit == 0 && !plain.errors.contains("\u{1b}"))
            #expect(plain.errors.split(separator: "\n").last?.hasPrefix("completed  200/200") == true)
            await cluster.stop()
        }
    }
}

extension Statement {
    /// Clients that have asked for a limit's standing: only a panel does.
    fileprivate static var watchers: Statement {
        Statement(
            """
            select count(*) from pg_stat_activity
            where application_name = 'tessera client' and query like '%route_limits%' and datname = current_database()
            """)
    }
}
