import ArgumentParser

struct ReplyOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A model to list from the start; repeatable. Calls may name others.", valueName: "name"))
    var model: [String] = []

    @Option(help: ArgumentHelp("Words in a reply. (default: 32)", valueName: "n"))
    var words: Int?

    @Option(help: "Another seed, other replies. (default: 1)")
    var seed: UInt64?

    @Flag(inversion: .prefixedNo, help: "Put echo= and the FNV-1a hash of the last user message into the reply.")
    var promptEcho = true

    @Option(
        help: ArgumentHelp("Dimensions of an embedding for which the call does not say. (default: 32)", valueName: "n"))
    var embedDim: Int?

    var values: [(String, String)] {
        var values: [(String, String)] = [("prompt-echo", "\(promptEcho)")]
        if let words { values.append(("words", "\(words)")) }
        if let seed { values.append(("seed", "\(seed)")) }
        if let embedDim { values.append(("embed-dim", "\(embedDim)")) }
        return values + model.map { ("model", $0) }
    }
}
