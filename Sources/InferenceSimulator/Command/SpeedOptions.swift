import ArgumentParser

struct SpeedOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How long a call takes.", valueName: "ms"))
    var latencyMs: Double?

    @Option(help: ArgumentHelp("Each call's latency is within this fraction of it, drawn by seed.", valueName: "f"))
    var latencyJitter: Double?

    @Option(help: ArgumentHelp("A model's own latency.", valueName: "name=ms"))
    var modelLatency: [String] = []

    @Option(help: ArgumentHelp("Refuse calls above this many at once with 429.", valueName: "n"))
    var maxConcurrency: Int?

    @Option(help: ArgumentHelp("A model's own limit.", valueName: "name=n"))
    var modelConcurrency: [String] = []

    @Option(
        help: ArgumentHelp(
            "A limit that changes: from each second on, so many at once, such as 0:64,20:16,40:64.",
            valueName: "second:n,..."))
    var capacitySchedule: String?

    @Flag(help: "Count seconds, for the schedule and /stats, from the first call to a model.")
    var clockOnFirstRequest = false

    @Option(help: ArgumentHelp("Refuse calls above this many a second with 429.", valueName: "n"))
    var rps: Double?

    @Option(help: ArgumentHelp("Calls that --rps lets pass at once. (default: a tenth of --rps)", valueName: "n"))
    var burst: Double?

    @Flag(help: "Let calls above a limit wait instead.")
    var queue = false

    @Option(help: ArgumentHelp("Send Retry-After with 429 and 503.", valueName: "seconds"))
    var retryAfter: Double?

    @Flag(help: "Write Retry-After as a date, with a Date header.")
    var retryAfterDate = false

    var values: [(String, String)] {
        var values: [(String, String)] = []
        if let latencyMs { values.append(("latency-ms", "\(latencyMs)")) }
        if let latencyJitter { values.append(("latency-jitter", "\(latencyJitter)")) }
        if let maxConcurrency { values.append(("max-concurrency", "\(maxConcurrency)")) }
        if clockOnFirstRequest { values.append(("clock-on-first-request", "true")) }
        if let capacitySchedule { values.append(("capacity-schedule", capacitySchedule)) }
        if let rps { values.append(("rps", "\(rps)")) }
        if let burst { values.append(("burst", "\(burst)")) }
        if let retryAfter { values.append(("retry-after", "\(retryAfter)")) }
        values += modelLatency.map { ("model-latency", $0) }
        values += modelConcurrency.map { ("model-concurrency", $0) }
        if queue { values.append(("queue", "true")) }
        if retryAfterDate { values.append(("retry-after-date", "true")) }
        return values
    }
}
