import ArgumentParser

struct ReplyOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A model to list from the start; repeatable. Calls may name others.", valueName: "name"))
    var model: [String] = []

    @Option(help: ArgumentHelp("Words in a reply. (default: 32)", valueName: "n"))
    var words: Int?

    @Option(help: "Another seed, other replies. (default: 1)")
    var seed: UInt64?

    @Option(
        help: ArgumentHelp("The share of answers in JSON or code that are flawed. (default: 0)", valueName: "share"))
    var flawRate: Double?

    @Option(help: "How they are flawed: trailing-comma, truncated, no-fence, ... (default: one kind after the other)")
    var flaw: String?

    @Option(
        help: ArgumentHelp("The share of answers in code that no parser takes. (default: 0)", valueName: "share"))
    var invalidCodeRate: Double?

    @Flag(help: "Say in each reply what the model thought (reasoning_content).")
    var reasoning = false

    @Flag(inversion: .prefixedNo, help: "Put echo= and the FNV-1a hash of the last user message into the reply.")
    var promptEcho = true

    @Option(
        help: ArgumentHelp("Dimensions of an embedding for which the call does not say. (default: 32)", valueName: "n"))
    var embedDim: Int?

    @Option(help: ArgumentHelp("Pixels of an image's edge. (default: 8)", valueName: "n"))
    var imageSide: Int?

    var values: [(String, String)] {
        var values: [(String, String)] = [("prompt-echo", "\(promptEcho)")]
        if let flawRate { values.append(("flaw-rate", "\(flawRate)")) }
        if let flaw { values.append(("flaw", flaw)) }
        if let invalidCodeRate { values.append(("invalid-code-rate", "\(invalidCodeRate)")) }
        if reasoning { values.append(("reasoning", "true")) }
        if let words { values.append(("words", "\(words)")) }
        if let seed { values.append(("seed", "\(seed)")) }
        if let embedDim { values.append(("embed-dim", "\(embedDim)")) }
        if let imageSide { values.append(("image-side", "\(imageSide)")) }
        return values + model.map { ("model", $0) }
    }
}
