import CoreMetrics
import FoundationEssentials
import Testing

@testable import Monitoring

struct MonitoringTests {
    @Test func `series are written as Prometheus text, each name once`() {
        let registry = MetricRegistry(help: ["calls_total": "Calls."])
        registry.makeCounter(label: "calls_total", dimensions: [("model", "b\"\\\n")]).increment(by: 2)
        registry.makeCounter(label: "calls_total", dimensions: [("model", "a")]).increment(by: 5)
        registry.makeMeter(label: "busy", dimensions: []).set(0.5)
        registry.makeTimer(label: "took_seconds", dimensions: []).recordNanoseconds(1_500_000_000)
        #expect(
            registry.text == """
                # TYPE busy gauge
                busy 0.5
                # HELP calls_total Calls.
                # TYPE calls_total counter
                calls_total{model="a"} 5
                calls_total{model="b\\"\\\\\\n"} 2
                # TYPE took_seconds summary
                took_seconds_sum 1.5
                took_seconds_count 1

                """)
    }

    @Test func `a limit that is gone is no longer shown, and a sum that begins anew goes on`() {
        let registry = MetricRegistry()
        withMetricsFactory(registry) {
            var gauges = LimitGauges(prefix: "tessera_worker")
            var reading = LimitReading(limitKey: "https://a/v1|0011|m%7Cx|chat")
            reading.limit = 8
            reading.share = 3
            reading.rateLimited = 10
            reading.breaker = .open
            gauges.set([reading])
            reading.rateLimited = 4
            gauges.set([reading])
            let labels = #"{credential="0011",domain="chat",endpoint="https://a/v1",model="m|x"}"#
            let text = registry.text
            for line in [
                "limit\(labels) 8", "share\(labels) 3", "rate_limited_total\(labels) 14", "breaker_state\(labels) 2",
                "ceiling\(labels) NaN",
            ] {
                #expect(text.contains("tessera_worker_\(line)\n"), "\(line)")
            }
            gauges.set([])
            #expect(registry.text.isEmpty)
        }
    }

    @Test(arguments: ["", "9465", "localhost", "host:99999", "example.com:80", "127.0.0.1:x"])
    func `an address that cannot be is refused in words`(text: String) {
        #expect(throws: MonitoringError.self) { try MonitoringAddress(text).configuration }
    }

    @Test func `metrics are served, and a port that is taken is said`() async throws {
        let registry = MetricRegistry()
        registry.makeCounter(label: "calls_total", dimensions: []).increment(by: 7)
        let port = try await Monitoring.serve(registry, MonitoringAddress("127.0.0.1:0"))
        #expect(port > 0)
        await #expect(throws: MonitoringError.self) {
            _ = try await Monitoring.serve(registry, MonitoringAddress("127.0.0.1:\(port)"))
        }
    }
}
