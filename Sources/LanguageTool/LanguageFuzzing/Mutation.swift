/// Small damage to a text.
enum Mutation {
    private static let scalars: [Unicode.Scalar] = [
        "{", "}", "%", "'", "\"", "\n", " ", "\t", "0", "-", ":", ",", "[", "]", "&", "*", "!", "|", ">", "#", "\\",
        "é",
        "\u{0}", "\u{FEFF}", "\u{2028}", "\u{1F389}", "\u{85}", "\r", "a", "~", "<", "@", "`", "?",
    ]

    /// One to three scalars removed, doubled, replaced, inserted or swapped, or a stretch repeated.
    static func mutated(_ text: String, _ random: inout SplitMix) -> String {
        var content = Array(text.unicodeScalars)
        for _ in 0...random.below(3) where !content.isEmpty {
            let place = random.below(content.count)
            switch random.below(6) {
            case 0: content.remove(at: place)
            case 1: content.insert(content[place], at: place)
            case 2: content[place] = random.pick(scalars)
            case 3: content.insert(random.pick(scalars), at: place)
            case 4: content.swapAt(place, random.below(content.count))
            default:
                let stretch = content[place..<min(content.count, place + 1 + random.below(20))]
                content.insert(contentsOf: stretch, at: random.below(content.count + 1))
            }
        }
        return String(String.UnicodeScalarView(content))
    }
}
