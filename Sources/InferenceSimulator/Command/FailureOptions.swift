import ArgumentParser

struct FailureOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The share of calls that fail, 0 to 1.", valueName: "p"))
    var errorRate: Double?

    @Option(help: ArgumentHelp("The status of a call that fails. (default: 500)", valueName: "status"))
    var errorStatus: Int?

    @Option(help: "How a call fails: status, reset, hang, truncate, garbage, endless or slow. (default: status)")
    var errorKind: String?

    @Option(
        help: ArgumentHelp(
            """
            What decides whether a call fails: its prompt and how often it was tried (attempt), so that it passes on \
            retry, or its prompt alone (prompt). (default: attempt)
            """, valueName: "attempt|prompt"))
    var errorKey: String?

    @Option(
        help: ArgumentHelp(
            "How calls end whose request holds TEXT: a kind of failure, or a status; repeatable.",
            valueName: "kind:text"))
    var errorOn: [String] = []

    @Option(help: ArgumentHelp("How much longer a slow call takes. (default: 3000)", valueName: "ms"))
    var slownessMs: Double?

    @Option(help: ArgumentHelp("Answer every call with this status.", valueName: "status"))
    var failStatus: Int?

    var values: [(String, String)] {
        var values: [(String, String)] = []
        if let errorRate { values.append(("error-rate", "\(errorRate)")) }
        if let errorStatus { values.append(("error-status", "\(errorStatus)")) }
        if let errorKind { values.append(("error-kind", errorKind)) }
        if let errorKey { values.append(("error-key", errorKey)) }
        if let failStatus { values.append(("fail-status", "\(failStatus)")) }
        if let slownessMs { values.append(("slowness-ms", "\(slownessMs)")) }
        return values + errorOn.map { ("error-on", $0) }
    }
}
