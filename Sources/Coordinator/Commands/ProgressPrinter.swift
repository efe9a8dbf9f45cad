import Glibc
import Store

/// Shows a job's progress on stderr: bars that are drawn over on a terminal, a line every few seconds elsewhere.
struct ProgressPrinter {
    let style: JobWatch.Style
    private var drawnLines = 0
    private var lastLine: ContinuousClock.Instant?

    init(style: JobWatch.Style) { self.style = style }

    /// Whether `show` would show anything now.
    var isDue: Bool {
        switch style {
        case .quiet: false
        case .panel: true
        case .plain: lastLine.map { $0.duration(to: .now) >= .seconds(2) } ?? true
        }
    }

    mutating func show(_ report: JobReport) {
        switch style {
        case .quiet: break
        case .panel: draw(ProgressPanel(report: report, shape: .current).lines)
        case .plain:
            guard isDue else { return }
            lastLine = .now
            Talk.line(Self.line(report))
        }
    }

    mutating func finish(_ report: JobReport) {
        switch style {
        case .quiet: if let ending = report.ending { Talk.line(ending) }
        case .panel: draw(ProgressPanel(report: report, shape: .current).lines)
        case .plain: Talk.line(Self.line(report))
        }
    }

    private mutating func draw(_ lines: [String]) {
        let up = drawnLines > 0 ? "\u{1b}[\(drawnLines)A" : ""
        // What is left of a longer panel goes, too.
        Talk.raw(up + lines.map { "\u{1b}[2K\($0)\n" }.joined() + "\u{1b}[J")
        drawnLines = lines.count
    }

    static func line(_ report: JobReport) -> String {
        let progress = report.progress
        var line = "\(report.state)  \(Grouped(progress.completed))/\(Grouped(progress.job.requested))"
        line += "  \(Decimal(report.rate))/s"
        if progress.dropped > 0 { line += "  \(Grouped(progress.dropped)) dropped" }
        if !report.reason.isEmpty { line += "  \(report.reason)" }
        return line
    }

    static func row(_ name: String, _ width: Int, _ done: Int64, _ of: Int64) -> String {
        let cells = 24
        let filled = of > 0 ? Int(Int64(cells) * min(done, of) / of) : 0
        let bar = String(repeating: "━", count: filled) + String(repeating: "─", count: cells - filled)
        return "  \(name)\(String(repeating: " ", count: width - name.count))  \(bar)  \(Grouped(done))/\(Grouped(of))"
    }
}
