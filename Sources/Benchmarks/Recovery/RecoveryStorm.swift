import Foundation
import JSON

/// Twenty kills of workers and three of the broker, evenly apart, beside a cell that kills whatever calls for it:
/// how soon throughput is back after each.
struct RecoveryStorm {
    let cap: Int
    let latencyMilliseconds: Int
    /// Seconds between two strikes; what is to be back within 10 s is watched for so long.
    let interval: Int

    private static let kills = 20
    private static let secondsBefore = 10
    private var perSecond: Int { cap * 1000 / latencyMilliseconds }
    private var strikes: [RecoveryFault] {
        (1...Self.kills).flatMap { $0 % 6 == 0 ? [RecoveryFault.worker, .broker] : [.worker] }
    }
    /// The poison strikes about here, in seconds.
    private var poisonSecond: Int { 10 * interval }
    private var records: Int { perSecond * (strikes.count + 6) * interval }

    private struct Strike {
        let fault: RecoveryFault
        let at: Double
        var serverBack: Double?
    }

    /// - Returns: what was missed.
    func run() async throws -> [String] {
        let cluster = try await RecoveryCluster.start(
            poison: perSecond * poisonSecond, latencyMilliseconds: latencyMilliseconds)
        try cluster.writeWorkflows(records: records, cap: cap)
        let job = try cluster.submit(poisoned: true, records: records)
        let steady = Int64(perSecond * (Self.secondsBefore + 5))
        try await cluster.wait("a steady job") { try await cluster.cells(of: job) >= steady }
        let began = RecoveryCluster.now
        var made: [Strike] = []
        for fault in strikes {
            let struck = try await cluster.strike(fault)
            made.append(Strike(fault: fault, at: struck.at, serverBack: struck.serverBack))
            // What the poison kills strikes in between, and is watched for as long.
            while true {
                let last = max(made.last?.at ?? 0, await cluster.deaths.last ?? 0)
                let left = last + Double(interval) - RecoveryCluster.now
                if left <= 0 { break }
                try await Task.sleep(for: .seconds(left))
            }
        }
        let times = try await cluster.stored(of: job, from: began)
        // Two workers die of it within moments: throughput is to be back after the second.
        if let death = await cluster.deaths.last { made.append(Strike(fault: .poison, at: death)) }
        try await cluster.wait("the end", seconds: 600) {
            ["completed", "failed"].contains(try cluster.status(job)["state"]?.stringValue)
        }
        let status = try cluster.status(job)
        await cluster.stop()
        return report(made, times, began, status)
    }

    private func report(
        _ made: [Strike], _ times: [(second: Double, cells: Int)], _ began: Double, _ status: JSONValue
    ) -> [String] {
        let normal = RecoveryCurve(times: times, secondsBefore: Self.secondsBefore, secondsAfter: 0).before
        let ends = made.map(\.at) + [.infinity]
        var misses: [String] = []
        for strike in made.sorted(by: { $0.at < $1.at }) {
            let place = strike.at - began
            let next = ends.filter { $0 > strike.at }.min() ?? .infinity
            guard next - strike.at >= Double(interval) else {
                Report.put("storm: \(strike.fault.rawValue) after \(Report.short(place)) s: the poison struck too soon")
                continue
            }
            let curve = RecoveryCurve(
                times: times.map { ($0.second - place, $0.cells) }, secondsBefore: 1,
                secondsAfter: interval, normal: normal)
            let back = curve.secondsUntilBack
            let server = strike.serverBack.map { ", the server itself after \(Report.short($0)) s" } ?? ""
            Report.put(
                "storm: \(strike.fault.rawValue) after \(Report.short(place)) s: "
                    + "back: \(RecoveryBench.Outcome.seconds(back ?? .infinity))\(server); cells by second: "
                    + curve.perSecond.map(String.init).joined(separator: " "))
            if back ?? .infinity > RecoveryBench.limitSeconds {
                misses.append("storm: \(strike.fault.rawValue) after \(Report.short(place)) s")
            }
        }
        let dropped = status["records"]?["dropped"]?.intValue ?? -1
        let completed = status["records"]?["completed"]?.intValue ?? -1
        let reasons = (status["drop_reasons"]?.arrayValue ?? []).compactMap { $0["kind"]?.stringValue }
        Report.put(
            "storm: \(Report.short(normal)) cells/s before; \(completed) of \(records) records, dropped \(dropped) "
                + "(\(reasons.joined(separator: ", ")))")
        if completed != records - 1 || reasons != ["poison"] {
            misses.append("storm: more than the poison was dropped")
        }
        return misses
    }
}
