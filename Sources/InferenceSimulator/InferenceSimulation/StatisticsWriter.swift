/// Writes the statistics as `/stats` (JSON) and `/metrics` (Prometheus text with vLLM's names).
struct StatisticsWriter {
    let statistics: SimulatorStatistics
    let settings: SimulatorSettings

    func json(model: String?) -> [UInt8] {
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
        text.append("}\n")
        return text
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
