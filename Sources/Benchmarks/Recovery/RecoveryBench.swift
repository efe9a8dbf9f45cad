import ArgumentParser
import Foundation
import JSON

struct RecoveryBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recovery",
        abstract: "Measures how long throughput is gone when something dies in the middle of a job.",
        discussion: """
            A steady job on four workers and two coordinators of one partition. Back is the time from the fault until \
            every second stores at least 90 % of the median before it, for three seconds in a row. What ends is started \
            again at once. Exits non-zero on a miss of 10 s only with BENCH_STRICT=1.
            """)

    /// What issue and design allow.
    static let limitSeconds = 10.0
    private static let secondsBefore = 10
    private static let secondsAfter = 40

    @Option(help: "Only faults whose name holds this text: worker, coordinator, broker, database, poison, nothing.")
    var only = ""

    @Option(help: "Runs of each.")
    var runs = 3

    @Option(help: "Calls under way at once (max_parallel_requests).")
    var cap = 64

    @Option(name: .customLong("latency-ms"), help: "How long a call takes, within a half more or less.")
    var latencyMilliseconds = 100

    @Option(help: "Where to write the JSON.")
    var json = "recovery.json"

    private var perSecond: Int { cap * 1000 / latencyMilliseconds }
    /// The record whose cell kills, where that is asked for: in the middle of what is watched.
    private var poisoned: Int { perSecond * 25 }
    private var records: Int { perSecond * (Self.secondsBefore + Self.secondsAfter + 40) }

    struct Outcome {
        let fault: RecoveryFault
        let curve: RecoveryCurve
        let serverBack: Double?

        static func seconds(_ value: Double) -> String { value.isFinite ? "\(Report.short(value)) s" : "not back" }

        var line: String {
            let back = Self.seconds(curve.secondsUntilBack ?? .infinity)
            let server = serverBack.map { ", the server itself after \(Report.short($0)) s" } ?? ""
            return "\(fault.rawValue): \(Report.short(curve.before)) cells/s before, "
                + "\(curve.lowest) in the poorest second, back: \(back)\(server)"
        }
    }

    func run() async throws {
        let faults = RecoveryFault.allCases.filter { only.isEmpty ? $0 != .nothing : $0.rawValue.contains(only) }
        let cluster = try await RecoveryCluster.start(poison: poisoned, latencyMilliseconds: latencyMilliseconds)
        try cluster.writeWorkflows(records: records, cap: cap)
        var outcomes: [Outcome] = []
        for fault in faults {
            for _ in 1...max(1, runs) {
                let outcome = try await measure(fault, on: cluster)
                outcomes.append(outcome)
                Report.say(outcome.line)
            }
        }
        await cluster.stop()
        let misses = report(outcomes, faults)
        let text = document(outcomes).serialized(.pretty())
        try Data(text.utf8).write(to: URL(fileURLWithPath: json))
        if misses, ProcessInfo.processInfo.environment["BENCH_STRICT"] == "1" { throw ExitCode(1) }
    }

    // MARK: One run

    private func measure(_ fault: RecoveryFault, on cluster: RecoveryCluster) async throws -> Outcome {
        let job = try cluster.submit(poisoned: fault == .poison, records: records)
        let deaths = await cluster.deaths.count
        // Steady: the limit has been found, and ten seconds of it are on record.
        let steady = Int64(perSecond * (Self.secondsBefore + 5))
        try await cluster.wait("a steady job") { try await cluster.cells(of: job) >= steady }
        let strike = try await cluster.strike(fault)
        var at = strike.at
        if fault == .poison {
            try await cluster.wait("a process that the cell kills") { await cluster.deaths.count > deaths }
            at = await cluster.deaths[deaths]
        }
        try await Task.sleep(for: .seconds(at + Double(Self.secondsAfter) - RecoveryCluster.now))
        let curve = RecoveryCurve(
            times: try await cluster.stored(of: job, from: at), secondsBefore: Self.secondsBefore,
            secondsAfter: Self.secondsAfter)
        if fault == .poison {
            try await cluster.wait("its record to be given up") { try await cluster.dropped(of: job) == 1 }
        }
        try cluster.command(["cancel", job, "--now"])
        try await cluster.wait("its end") { (try? cluster.command(["status", job]))?.contains("cancelled") == true }
        return Outcome(fault: fault, curve: curve, serverBack: strike.serverBack)
    }

    // MARK: What is said

    /// A table for docs/reliability.md: medians of the runs, the worst in brackets.
    ///
    /// - Returns: whether anything took longer than it may.
    private func report(_ outcomes: [Outcome], _ faults: [RecoveryFault]) -> Bool {
        func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
        var misses = false
        Report.put("| what strikes | cells/s before | in the poorest second | back after | the server itself |")
        Report.put("|---|---|---|---|---|")
        for fault in faults {
            let own = outcomes.filter { $0.fault == fault }
            let backs = own.map { $0.curve.secondsUntilBack ?? .infinity }
            let servers = own.compactMap(\.serverBack)
            misses = misses || median(backs) > Self.limitSeconds
            let cells = [
                fault.title, Report.short(median(own.map(\.curve.before))),
                Report.short(median(own.map { Double($0.curve.lowest) })),
                "\(Outcome.seconds(median(backs))) (\(Outcome.seconds(backs.max() ?? 0)))",
                servers.isEmpty ? "" : "\(Report.short(median(servers))) s",
            ]
            Report.put("| \(cells.joined(separator: " | ")) |")
        }
        return misses
    }

    private func document(_ outcomes: [Outcome]) -> JSONValue {
        [
            "schema": "bench-recovery/v1",
            "runs": .array(
                outcomes.map { outcome in
                    [
                        "fault": .string(outcome.fault.rawValue), "before": .number(outcome.curve.before),
                        "lowest": .integer(Int64(outcome.curve.lowest)),
                        "seconds_until_back": outcome.curve.secondsUntilBack.map { .number($0) } ?? .null,
                        "seconds_until_server": outcome.serverBack.map { .number($0) } ?? .null,
                        "cells_per_second": .array(outcome.curve.perSecond.map { .integer(Int64($0)) }),
                        "seconds_before": .integer(Int64(Self.secondsBefore)),
                    ]
                }),
        ]
    }
}
