import ArgumentParser

struct RecordOptions: ParsableArguments {
    @Flag(help: "Count distinct prompts, and good replies to a prompt that had one already.")
    var trackPrompts = false

    @Option(help: ArgumentHelp("How many of the last calls GET /requests shows. (default: 0)", valueName: "n"))
    var keepRequests: Int?

    @Flag(help: "Show the calls with the bodies of their requests.")
    var keepBodies = false

    var values: [(String, String)] {
        var values: [(String, String)] = []
        if trackPrompts { values.append(("track-prompts", "true")) }
        if let keepRequests { values.append(("keep-requests", "\(keepRequests)")) }
        if keepBodies { values.append(("keep-bodies", "true")) }
        return values
    }
}
