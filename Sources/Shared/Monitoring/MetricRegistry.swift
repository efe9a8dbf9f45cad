package import CoreMetrics
import Synchronization

/// Keeps what the program counts and measures through swift-metrics, and writes it as Prometheus text (format 0.0.4).
///
/// One name has one kind for ever. Recorders and timers become summaries without quantiles; timers count seconds.
package final class MetricRegistry: MetricsFactory {
    enum Kind: String, Sendable {
        case counter
        case gauge
        case summary
    }

    struct Entry: Sendable {
        let kind: Kind
        var value = 0.0
        /// Of a summary.
        var count = 0
    }

    private struct State: Sendable {
        var entries: [MetricSeries: Entry] = [:]
    }

    private let state = Mutex(State())
    /// One sentence for each name.
    private let help: [String: String]

    package init(help: [String: String] = [:]) { self.help = help }

    func open(_ series: MetricSeries, as kind: Kind) {
        state.withLock { if $0.entries[series] == nil { $0.entries[series] = Entry(kind: kind) } }
    }

    func change(_ series: MetricSeries, _ change: (inout Entry) -> Void) {
        state.withLock { state in
            guard state.entries[series] != nil else { return }
            change(&state.entries[series, default: Entry(kind: .gauge)])
        }
    }

    private func close(_ handler: AnyObject) {
        guard let handler = handler as? MetricHandler else { return }
        state.withLock { $0.entries[handler.series] = nil }
    }

    private func handler(_ label: String, _ dimensions: [(String, String)], _ kind: Kind) -> MetricHandler {
        MetricHandler(MetricSeries(label, dimensions), kind, in: self)
    }

    // MARK: Text

    package var text: String {
        let entries = state.withLock { $0.entries }
        var lines: [String] = []
        var last = ""
        for (series, entry) in entries.sorted(by: { $0.key < $1.key }) {
            if series.name != last {
                last = series.name
                if let help = help[last] { lines.append("# HELP \(last) \(help)") }
                lines.append("# TYPE \(last) \(entry.kind.rawValue)")
            }
            if entry.kind == .summary {
                lines.append("\(series.text(suffix: "_sum")) \(Self.number(entry.value))")
                lines.append("\(series.text(suffix: "_count")) \(entry.count)")
            } else {
                lines.append("\(series.text()) \(Self.number(entry.value))")
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }

    // MARK: MetricsFactory

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        handler(label, dimensions, .counter)
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        handler(label, dimensions, .counter)
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        handler(label, dimensions, .gauge)
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        handler(label, dimensions, aggregate ? .summary : .gauge)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        handler(label, dimensions, .summary)
    }

    package func destroyCounter(_ handler: any CounterHandler) { close(handler) }
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { close(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { close(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { close(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { close(handler) }
}
