/// What the simulator takes from the body of a call to `/v1/images/generations`.
struct ImageRequest {
    var model = ""
    var promptHash: UInt64 = 0
    var promptTokens = 0
    /// How many images are wanted, 1 to 10.
    var count = 1

    /// Nil if the body is not an object with a model and a prompt.
    init?(_ bytes: [UInt8], _ range: Range<Int>) {
        let scanner = JSONScanner(bytes, range)
        guard let root = scanner.value(at: range.lowerBound), let prompt = scanner.member("prompt", of: root),
            scanner.first(prompt) == UInt8(ascii: "\""), let model = scanner.member("model", of: root)
        else { return nil }
        var text: [UInt8] = []
        scanner.decode(model, into: &text)
        self.model = String(decoding: text, as: UTF8.self)
        text.removeAll()
        scanner.decode(prompt, into: &text)
        promptHash = Hash64.fnv1a(text)
        promptTokens = text.count / 4 + 1
        count =
            scanner.member("n", of: root).flatMap { scanner.number($0) }
            .flatMap { $0 >= 1 && $0 <= 10 ? Int($0) : nil } ?? 1
    }
}
