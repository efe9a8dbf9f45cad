/// Writes the statistics as `/stats` (JSON) and `/metrics` (Prometheus text with vLLM's names).
struct StatisticsWriter {
    let statistics: SimulatorStatistics
    let settings: SimulatorSettings

    func json(model: String?, _ account: SecondLedger) -> [UInt8] {
        var text: [UInt8] = []
        text.append("{")
        if let model {
            counts(statistics.models[model] ?? SimulatorStatistics.Counts(), into: &text)
        } else {
            counts(statistics.all, into: &text)
            let fields: [(StaticString, Int)] = [
                ("bad_requests", statistics.badRequests), ("connections", statistics.connections),
                ("open_connections", statistics.openConnections),
                ("max_open_connections", statistics.maximumOpenConnections),
                ("distinct_prompts", statistics.distinctPrompts), ("repeated_prompts", statistics.repeatedPrompts),
            ]
            for (name, value) in fields { field(name, value, into: &text) }
            text.append(",\"busy_slot_seconds\":")
            text.append(thousandths: statistics.busy / .seconds(1))
            text.append(",\"models\":{")
            for (index, model) in statistics.models.keys.sorted().enumerated() {
                if index > 0 { text.append(",") }
                text.append("\"")
                text.append(escaped: model.utf8)
                text.append("\":{")
                counts(statistics.models[model] ?? SimulatorStatistics.Counts(), into: &text)
                text.append("}")
            }
            text.append("}")
        }
        history(account, into: &text)
        text.append("}\n")
        return text
    }

    /// The sums over the seconds `from <= s < to`, as far as they are over.
    func window(_ account: SecondLedger, from: Int, to: Int) -> [UInt8] {
        let (seconds, total) = account.sum(from: from, to: to)
        var text: [UInt8] = []
        text.append("{\"seconds\":")
        text.append(decimal: seconds)
        let counts: [(StaticString, Int)] = [
            ("requests", total.requests), ("ok", total.ok), ("r429", total.refused), ("errors", total.errors),
            ("aborted", total.aborted),
        ]
        for (name, value) in counts { field(name, value, into: &text) }
        text.append(",\"busy_slot_seconds\":")
        text.append(thousandths: total.busy)
        text.append(",\"capacity_slot_seconds\":")
        if account.hasLimit { text.append(thousandths: total.capacity) } else { text.append("null") }
        text.append(",\"busy_share\":")
        if account.hasLimit, total.capacity > 0 {
            text.append(text: "\((total.busy / total.capacity * 1e6).rounded() / 1e6)")
        } else {
            text.append("null")
        }
        text.append(",\"mean_waiting\":")
        text.append(thousandths: seconds > 0 ? total.waiting / Double(seconds) : 0)
        field("waiting_p95", total.waitingAtMostMostly, into: &text)
        text.append("}\n")
        return text
    }

    /// One value for each second; the last is the one that runs.
    private func history(_ account: SecondLedger, into text: inout [UInt8]) {
        text.append(",\"per_second\":{")
        let counts: [(StaticString, (SecondLedger.Second) -> Int)] = [
            ("requests", { $0.requests }), ("ok", { $0.ok }), ("r429", { $0.refused }), ("errors", { $0.errors }),
            ("aborted", { $0.aborted }),
        ]
        for (name, value) in counts {
            list(name, account.seconds, into: &text) { $1.append(decimal: value($0)) }
            text.append(",")
        }
        list("busy_slot_seconds", account.seconds, into: &text) { $1.append(thousandths: $0.busy) }
        text.append(",")
        list("mean_waiting", account.seconds, into: &text) { $1.append(thousandths: $0.waiting) }
        text.append("}")
    }

    private func list(
        _ name: StaticString, _ seconds: [SecondLedger.Second], into text: inout [UInt8],
        _ write: (SecondLedger.Second, inout [UInt8]) -> Void
    ) {
        text.append("\"")
        text.append(name)
        text.append("\":[")
        for (place, second) in seconds.enumerated() {
            if place > 0 { text.append(",") }
            write(second, &text)
        }
        text.append("]")
    }

    private func counts(_ counts: SimulatorStatistics.Counts, into text: inout [UInt8]) {
        text.append("\"requests\":")
        text.append(decimal: counts.requests)
        let fields: [(StaticString, Int)] = [
            ("ok", counts.ok), ("r429", counts.r429), ("errors", counts.errors), ("aborted", counts.aborted),
            ("in_flight", counts.inFlight), ("max_in_flight", counts.maximumInFlight), ("waiting", counts.waiting),
            ("max_waiting", counts.maximumWaiting), ("prompt_tokens", counts.promptTokens),
            ("completion_tokens", counts.completionTokens),
        ]
        for (name, value) in fields { field(name, value, into: &text) }
    }

    private func field(_ name: StaticString, _ value: Int, into text: inout [UInt8]) {
        text.append(",\"")
        text.append(name)
        text.append("\":")
        text.append(decimal: value)
    }

    // MARK: Prometheus

    func metrics() -> [UInt8] {
        var text: [UInt8] = []
        gauge("vllm:num_requests_running", "Number of requests in model execution batches.", into: &text) {
            $0.inFlight
        }
        gauge("vllm:num_requests_waiting", "Number of requests waiting to be processed.", into: &text) { $0.waiting }
        type("vllm:kv_cache_usage_perc", "gauge", "KV-cache usage. 1 means 100 percent usage.", into: &text)
        for (model, counts) in sorted {
            let limit = settings.models[model]?.maximumConcurrency ?? settings.maximumConcurrency
            line("vllm:kv_cache_usage_perc", model, into: &text)
            text.append(thousandths: limit.map { $0 > 0 ? Double(counts.inFlight) / Double($0) : 1 } ?? 0)
            text.append("\n")
        }
        counter("vllm:prompt_tokens_total", "Number of prefill tokens processed.", into: &text) { $0.promptTokens }
        counter("vllm:generation_tokens_total", "Number of generation tokens processed.", into: &text) {
            $0.completionTokens
        }
        type("vllm:request_success_total", "counter", "Count of successfully processed requests.", into: &text)
        for (model, counts) in sorted {
            let reasons: [(StaticString, Int)] = [
                ("stop", counts.ok - counts.truncated), ("length", counts.truncated), ("abort", counts.aborted),
            ]
            for (reason, value) in reasons {
                line("vllm:request_success_total", model, reason: reason, into: &text)
                text.append(decimal: value)
                text.append("\n")
            }
        }
        return text
    }

    private var sorted: [(String, SimulatorStatistics.Counts)] {
        var counts = statistics.models
        for model in settings.models.keys { counts[model, default: SimulatorStatistics.Counts()].inFlight += 0 }
        return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private func gauge(
        _ name: StaticString, _ help: StaticString, into text: inout [UInt8],
        _ value: (SimulatorStatistics.Counts) -> Int
    ) {
        type(name, "gauge", help, into: &text)
        values(name, into: &text, value)
    }

    private func counter(
        _ name: StaticString, _ help: StaticString, into text: inout [UInt8],
        _ value: (SimulatorStatistics.Counts) -> Int
    ) {
        type(name, "counter", help, into: &text)
        values(name, into: &text, value)
    }

    private func values(
        _ name: StaticString, into text: inout [UInt8], _ value: (SimulatorStatistics.Counts) -> Int
    ) {
        for (model, counts) in sorted {
            line(name, model, into: &text)
            text.append(decimal: value(counts))
            text.append("\n")
        }
    }

    private func type(_ name: StaticString, _ type: StaticString, _ help: StaticString, into text: inout [UInt8]) {
        text.append(text: "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n")
    }

    private func line(_ name: StaticString, _ model: String, reason: StaticString? = nil, into text: inout [UInt8]) {
        text.append(name)
        text.append("{engine=\"0\",")
        if let reason { text.append(text: "finished_reason=\"\(reason)\",") }
        text.append("model_name=\"")
        text.append(escaped: model.utf8)
        text.append("\"} ")
    }
}
