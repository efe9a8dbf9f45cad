import Store

/// A job's progress as lines for a terminal, none wider than it.
struct ProgressPanel {
    let report: JobReport
    let shape: TerminalShape

    /// One line for the job, a bar for each model column and the records, then what holds it back.
    ///
    /// Where there are more than fit, columns go first: a panel that scrolls cannot be drawn over.
    var lines: [String] {
        let progress = report.progress
        let job = progress.job
        let names = progress.columns.filter { !$0.model.isEmpty }
        let room = max(0, shape.rows - 4 - min(2, report.heldBack.count))
        let width = nameWidth(names.map(\.name) + ["records"])
        var lines = [fit("job \(job.id.short)  \(job.name)  \(report.state)")]
        for column in names.prefix(room) {
            lines.append(row(column.name, width, column.stored, job.requested, dropped: 0))
        }
        lines.append(row("records", width, progress.completed, job.requested, dropped: progress.dropped))
        lines.append(fit("  " + ProgressPrinter.line(report), .dim))
        lines += report.heldBack.prefix(2).map { fit("  \($0)", .yellow) }
        return lines
    }

    private enum Style: String {
        case green = "\u{1b}[32m"
        case yellow = "\u{1b}[33m"
        case dim = "\u{1b}[2m"
    }

    private func nameWidth(_ names: [String]) -> Int {
        min(names.map(\.count).max() ?? 0, max(4, shape.columns / 3))
    }

    private func row(_ name: String, _ width: Int, _ done: Int64, _ of: Int64, dropped: Int64) -> String {
        let shown = name.count > width ? name.prefix(width - 1) + "…" : name[...]
        let label = "  " + shown + String(repeating: " ", count: width - shown.count) + "  "
        let counts = "\(Grouped(done))/\(Grouped(of))" + (dropped > 0 ? "  \(Grouped(dropped)) dropped" : "")
        // A bar of fewer cells says nothing.
        let cells = min(24, shape.columns - 1 - label.count - counts.count - 2)
        guard cells >= 4 else { return fit(label + counts) }
        let filled = of > 0 ? Int(Int64(cells) * min(done, of) / of) : 0
        let bar =
            painted(String(repeating: "━", count: filled), .green)
            + painted(String(repeating: "─", count: cells - filled), .dim)
        return label + bar + "  " + counts
    }

    private func painted(_ text: String, _ style: Style) -> String {
        shape.hasColor && !text.isEmpty ? style.rawValue + text + "\u{1b}[0m" : text
    }

    /// The last column stays free: a character there makes some terminals break the line.
    private func fit(_ text: String, _ style: Style? = nil) -> String {
        let most = shape.columns - 1
        let cut = text.count > most ? text.prefix(most - 1) + "…" : text[...]
        return style.map { painted(String(cut), $0) } ?? String(cut)
    }
}
