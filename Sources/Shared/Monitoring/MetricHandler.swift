import CoreMetrics

/// One series as swift-metrics wants to write to it.
final class MetricHandler: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    let series: MetricSeries
    private let kind: MetricRegistry.Kind
    private let registry: MetricRegistry

    init(_ series: MetricSeries, _ kind: MetricRegistry.Kind, in registry: MetricRegistry) {
        self.series = series
        self.kind = kind
        self.registry = registry
        registry.open(series, as: kind)
    }

    func increment(by amount: Int64) { increment(by: Double(amount)) }
    func increment(by amount: Double) { registry.change(series) { $0.value += amount } }
    func decrement(by amount: Double) { registry.change(series) { $0.value -= amount } }
    func reset() { registry.change(series) { $0.value = 0 } }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { registry.change(series) { $0.value = value } }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        registry.change(series) { entry in
            entry.value = entry.kind == .summary ? entry.value + value : value
            entry.count += 1
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
}
