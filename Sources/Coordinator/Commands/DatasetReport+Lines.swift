import Export
import Statistics
import Store

extension DatasetReport {
    /// For people.
    var lines: [String] {
        let job = progress.job
        var lines = [
            "job \(job.id.rawValue)  \(job.name)  \(job.state.rawValue)",
            "  \(Grouped(Int64(columns.compactMap(\.sketch).map(\.records).max() ?? 0))) records in finished row groups, of "
                + "\(Grouped(job.requested)); \(Grouped(progress.dropped)) dropped", "",
        ]
        var table = TextTable(["COLUMN", "TYPE", "VALUES", "NULL", "UNIQUE", "DISTRIBUTION"])
        for column in columns {
            guard let sketch = column.sketch else {
                table.add([column.name, column.type, "-", "-", "-", ""])
                continue
            }
            table.add([
                column.name, column.type.isEmpty ? sketch.kind?.name ?? "" : column.type,
                "\(Grouped(Int64(sketch.records - sketch.nulls)))", "\(Grouped(Int64(sketch.nulls)))",
                "\(Grouped(Int64(sketch.distinct.estimate)))", Self.distribution(sketch),
            ])
        }
        lines += table.lines
        if !models.isEmpty {
            var table = TextTable(["MODEL", "CALLS", "FAILED", "CHILD DEATHS", "TOKENS IN", "TOKENS OUT"])
            for model in models {
                table.add([
                    model.name, "\(Grouped(model.calls))", "\(Grouped(model.failed))", "\(Grouped(model.childDeaths))",
                    "\(Grouped(model.inputTokens))", "\(Grouped(model.outputTokens))",
                ])
            }
            lines += [""] + table.lines
        }
        if !failures.isEmpty {
            var table = TextTable(["FAILURE", "ATTEMPTS", "RECORDS", "DROPPED", "MESSAGE"])
            for group in failures {
                table.add([
                    group.key, "\(Grouped(group.attempts))", "\(Grouped(group.records))", "\(Grouped(group.dropped))",
                    group.message,
                ])
            }
            lines += [""] + table.lines
        }
        return lines
    }

    private static func distribution(_ sketch: ColumnSketch) -> String {
        let values = sketch.records - sketch.nulls
        if sketch.numbers.count > 0, sketch.numbers.count == values { return figures(sketch.numbers, "") }
        if let counts = sketch.categories.sorted, !counts.isEmpty {
            let shown = counts.prefix(4).map { "\($0.value) \(percent($0.count, of: values))" }
            return shown.joined(separator: ", ") + (counts.count > 4 ? ", ..." : "")
        }
        return sketch.lengths.count > 0 ? figures(sketch.lengths, " characters") : ""
    }

    private static func figures(_ numbers: QuantileSketch, _ unit: String) -> String {
        "\(short(numbers.least)) to \(short(numbers.greatest))\(unit), mean \(short(numbers.mean)), "
            + "median \(short(numbers.quantile(0.5) ?? 0))"
    }

    private static func percent(_ count: Int, of all: Int) -> String {
        "\(Int((100 * Double(count) / Double(max(1, all))).rounded())) %"
    }

    /// Two decimals, none for whole numbers.
    private static func short(_ value: Double) -> String {
        let rounded = (value * 100).rounded() / 100
        return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int64(rounded))" : "\(rounded)"
    }
}
