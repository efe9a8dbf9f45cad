import JSON
import Messages
import Store

extension WorkersView {
    /// How every live worker stands, for clients: schema `worker/v1`; and each of those that said goodbye, which has no
    /// route any more.
    func standings(with goodbyes: [WireBeat]) -> [WorkerStore.Standing] {
        (beats + goodbyes.map(Self.drained))
            .map { WorkerStore.Standing(worker: $0.worker, status: Self.status($0).serialized()) }
            .sorted { $0.worker < $1.worker }
    }

    private static func drained(_ beat: WireBeat) -> WireBeat {
        var beat = beat
        beat.routes = []
        return beat
    }

    private static func status(_ beat: WireBeat) -> JSONValue {
        let routes = beat.routes.sorted { $0.route < $1.route }
        return [
            "schema": "worker/v1", "worker": .string(beat.worker), "host": .string(beat.host),
            "version": .string(beat.version),
            "state": .string(beat.leaving ? "drained" : beat.draining ? "draining" : "serving"),
            "up_seconds": .integer(Int64(beat.upSeconds)),
            "concurrency": beat.concurrency > 0 ? .integer(Int64(beat.concurrency)) : JSONValue.null,
            "in_flight": .integer(routes.reduce(0) { $0 + Int64($1.inFlight) }),
            "held": .integer(routes.reduce(0) { $0 + Int64($1.held) }),
            "refused": .integer(routes.reduce(0) { $0 + Int64(clamping: $1.refused) }),
            "providers": .array(beat.providers.map { .string($0) }), "routes": .array(routes.map(route)),
        ]
    }

    private static func route(_ beat: WireRouteBeat) -> JSONValue {
        [
            "provider": .string(beat.provider), "model": .string(beat.model),
            "domain": .string(beat.route.domain.rawValue), "limit_key": .string(beat.limitKey),
            "share": .integer(Int64(beat.share)), "in_flight": .integer(Int64(beat.inFlight)),
            "held": .integer(Int64(beat.held)), "refused": .integer(Int64(clamping: beat.refused)),
            "mean_call_ms": .integer(Int64(beat.meanCallMilliseconds)), "blocked_by": .string(beat.blockedBy),
            "breaker": .string(beat.breaker.isEmpty ? "closed" : beat.breaker),
            "next_probe_seconds": .number((beat.nextProbeSeconds * 10).rounded() / 10),
        ]
    }
}
