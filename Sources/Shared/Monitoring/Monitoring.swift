import CoreMetrics
import FlyingFox
import FlyingSocks
import FoundationEssentials
package import Logging

/// The address at which a program shows its metrics: `GET /metrics`, Prometheus text; everything else is 404.
package enum Monitoring {
    private static let help: [String: String] = [
        "limit": "Calls that may be in flight over the cluster.",
        "ceiling": "The highest level that is not known to be refused; NaN: none is known.",
        "cap": "What the limit never exceeds.",
        "in_flight": "Calls in flight.",
        "share": "Calls that this worker may have in flight.",
        "paused_seconds": "Seconds until calls start again, because the endpoint asked for a pause.",
        "epoch": "Number of the decision in force.",
        "breaker_state": "0 closed, 1 half-open, 2 open.",
        "rate_limited_total": "Calls that the endpoint refused.",
    ]

    /// Starts to keep metrics and to serve them until the task is cancelled. To be called once, before anything is
    /// measured.
    ///
    /// - Parameters:
    ///   - address: `host:port`; port 0 takes a free one.
    ///   - program: `worker` or `coordinator`.
    /// - Returns: the port.
    /// - Throws: `MonitoringError` for an address that cannot be used.
    package static func start(
        _ address: String, program: String, version: String, logger: Logger
    ) async throws(MonitoringError) -> Int {
        let endpoint = try MonitoringAddress(address)
        var texts: [String: String] = ["tessera_build_info": "The version, as a label."]
        for prefix in ["tessera_worker", "tessera_endpoint"] {
            for (name, text) in help { texts["\(prefix)_\(name)"] = text }
        }
        let registry = MetricRegistry(help: texts)
        MetricsSystem.bootstrap(registry)
        Meter(label: "tessera_build_info", dimensions: [("program", program), ("version", version)]).set(1)
        let port = try await serve(registry, endpoint)
        logger.info("metrics are served", metadata: ["event": "metrics", "address": "\(endpoint.host):\(port)"])
        return port
    }

    /// - Returns: the port, once it listens.
    static func serve(_ registry: MetricRegistry, _ endpoint: MonitoringAddress) async throws(MonitoringError) -> Int {
        do {
            let server = HTTPServer(config: try endpoint.configuration)
            await server.appendRoute("GET /metrics") { _ in
                HTTPResponse(
                    statusCode: .ok, headers: HTTPHeaders([.contentType: "text/plain; version=0.0.4; charset=utf-8"]),
                    body: .init(registry.text.utf8))
            }
            // Whichever comes first: it listens, or the port is taken.
            let (outcomes, tell) = AsyncStream.makeStream(of: Result<Void, any Error>.self)
            let running = Task {
                do {
                    try await server.run()
                } catch {
                    tell.yield(.failure(error))
                }
            }
            Task {
                do {
                    tell.yield(.success(try await server.waitUntilListening(timeout: 5)))
                } catch {
                    tell.yield(.failure(error))
                }
            }
            var first = outcomes.makeAsyncIterator()
            try await first.next()?.get()
            switch await server.listeningAddress {
            case .ip4(_, let port), .ip6(_, let port): return Int(port)
            default:
                running.cancel()
                throw MonitoringError("nothing listens at \(endpoint.host):\(endpoint.port)")
            }
        } catch let error as MonitoringError {
            throw error
        } catch {
            throw MonitoringError("cannot listen at \(endpoint.host):\(endpoint.port): \(error)")
        }
    }
}

/// Metrics cannot be served there.
package struct MonitoringError: Error, Sendable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
