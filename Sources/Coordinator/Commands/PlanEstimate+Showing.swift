import JSON

extension PlanEstimate {
    /// With -o json, schema `plan/v1`.
    var json: JSONValue {
        [
            "schema": "plan/v1", "records": .integer(records), "calls": .integer(calls),
            "input_tokens": .integer(inputTokens), "output_tokens": .integer(outputTokens),
            "seconds": .number(Self.rounded(seconds)), "database_bytes": .integer(databaseBytes),
            "export_bytes": .integer(exportBytes), "dropped_percent": .number(Self.rounded(droppedPercent)),
            "assumed": [
                "bytes_per_token": .number(PlanAssumptions.bytesPerToken),
                "tokens_per_second": .number(PlanAssumptions.tokensPerSecond),
                "start_seconds": .number(PlanAssumptions.startSeconds),
                "calls_per_second": rate.map { .number($0) } ?? nil,
            ],
            "columns": .array(
                columns.map { column in
                    [
                        "name": .string(column.name), "type": .string(column.type),
                        "route": column.route.map { .string($0) } ?? nil, "calls": .integer(column.calls),
                        "input_tokens": .integer(column.inputTokens), "output_tokens": .integer(column.outputTokens),
                    ]
                }),
            "routes": .array(
                routes.map { route in
                    [
                        "name": .string(route.name), "alias": .string(route.alias),
                        "max_parallel_requests": .integer(Int64(route.cap)), "calls": .integer(route.calls),
                        "seconds": .number(Self.rounded(route.seconds)),
                    ]
                }),
        ]
    }

    var lines: [String] {
        var rows = [["column", "type", "model", "calls", "tokens in", "tokens out"]]
        for column in columns {
            rows.append(
                column.route.map { route in
                    [
                        column.name, column.type, route, "\(Grouped(column.calls))",
                        column.isBatched ? "" : Self.short(column.inputTokens),
                        column.isBatched ? "" : Self.short(column.outputTokens),
                    ]
                } ?? [column.name, column.type, "", "", "", ""])
        }
        var lines = ["\(Grouped(records)) records, in this order:"] + Self.table(rows, numbersFrom: 3)
        if routes.isEmpty {
            lines.append("no model is called: seconds, not hours")
        } else {
            lines.append("")
            lines.append(
                "\(Grouped(calls)) calls, \(Self.short(inputTokens)) tokens in, \(Self.short(outputTokens)) tokens out")
            for route in routes {
                let how =
                    rate.map { "at \(Decimal($0)) calls/s" }
                    ?? "at most \(route.cap) calls at a time, \(Int(PlanAssumptions.tokensPerSecond)) tokens/s each (assumed)"
                lines.append("  \(route.name): \(how): about \(Self.duration(route.seconds))")
            }
            lines.append(
                "  models overlap: about \(Self.duration(seconds)) in all, but for what waits for other columns")
            if rate == nil, let slowest = routes.max(by: { $0.seconds < $1.seconds }) {
                lines.append(
                    "  held back by: max_parallel_requests \(slowest.cap) of \(slowest.alias); raise it in the workflow "
                        + "or in providers.yaml")
            }
        }
        if droppedPercent > 0 {
            lines.append("about \(Decimal(droppedPercent)) % of the records are dropped by expressions or conditions")
        }
        lines.append("database about \(Self.bytes(databaseBytes)), export (jsonl) about \(Self.bytes(exportBytes))")
        return lines
    }

    /// Of models.
    private var calls: Int64 { columns.reduce(0) { $0 + ($1.isBatched ? 0 : $1.calls) } }
    private var inputTokens: Int64 { columns.reduce(0) { $0 + $1.inputTokens } }
    private var outputTokens: Int64 { columns.reduce(0) { $0 + $1.outputTokens } }
    private var seconds: Double { routes.map(\.seconds).max() ?? 0 }

    private static func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }

    private static func table(_ rows: [[String]], numbersFrom first: Int) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = " "
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                line += " " + (column >= first ? padding + cell : cell + padding) + " "
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    static func short(_ count: Int64) -> String {
        switch count {
        case ..<10_000: "\(count)"
        case ..<10_000_000: "\(count / 1_000)k"
        default: "\(count / 1_000_000)M"
        }
    }

    static func bytes(_ count: Int64) -> String {
        switch count {
        case ..<10_000: "\(count) bytes"
        case ..<(10 << 20): "\(count >> 10) KiB"
        case ..<(10 << 30): "\(count >> 20) MiB"
        default: "\(count >> 30) GiB"
        }
    }

    static func duration(_ seconds: Double) -> String {
        let whole = Int64(seconds.rounded())
        return switch whole {
        case ..<120: "\(whole) s"
        case ..<7_200: "\(whole / 60) min"
        case ..<172_800: "\(whole / 3_600) h \(whole % 3_600 / 60) min"
        default: "\(whole / 86_400) d \(whole % 86_400 / 3_600) h"
        }
    }
}
