/// What the simulator takes from the body of a call to `/v1/embeddings`.
struct EmbeddingRequest {
    var model = ""
    /// A hash for each input.
    var inputs: [UInt64] = []
    /// Of the first input's text: FNV-1a.
    var promptHash: UInt64 = 0
    var promptTokens = 0
    var dimensions: Int?

    /// Nil if the body is not an object with a model and inputs that are strings.
    init?(_ bytes: [UInt8], _ range: Range<Int>) {
        let scanner = JSONScanner(bytes, range)
        guard let root = scanner.value(at: range.lowerBound), let input = scanner.member("input", of: root),
            let model = scanner.member("model", of: root)
        else { return nil }
        var text: [UInt8] = []
        scanner.decode(model, into: &text)
        self.model = String(decoding: text, as: UTF8.self)
        dimensions = scanner.member("dimensions", of: root).flatMap { scanner.number($0) }
            .flatMap { $0 >= 1 && $0 <= 8192 ? Int($0) : nil }

        let strings = scanner.first(input) == UInt8(ascii: "[") ? scanner.elements(of: input) : [input]
        guard strings.allSatisfy({ scanner.first($0) == UInt8(ascii: "\"") }) else { return nil }
        for string in strings {
            text.removeAll(keepingCapacity: true)
            scanner.decode(string, into: &text)
            inputs.append(Hash64.combine(0, text))
            if inputs.count == 1 { promptHash = Hash64.fnv1a(text) }
            promptTokens += text.count / 4 + 1
        }
    }
}
