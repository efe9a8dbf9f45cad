import Spelling

extension SettingKey {
    /// Why `text` cannot be a value of this setting, to be put behind its name; nil when it can.
    func problem(with text: String) -> String? {
        switch kind {
        case .text, .path: text.isEmpty ? "is empty" : nil
        case .list: SettingKey.elements(of: text).isEmpty ? "names nothing" : nil
        case .serviceURL: text.isEmpty ? "is empty" : nil
        case .integer(let range):
            if let value = Int(text), range.contains(value) {
                nil
            } else {
                "must be a whole number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\""
            }
        case .duration:
            DurationText.parse(text) == nil ? "must be a duration such as 25s or 1h30m, not \"\(text)\"" : nil
        case .choice(let choices):
            choices.contains(text)
                ? nil
                : "must be one of \(choices.joined(separator: ", ")), not \"\(text)\"."
                    + Suggestion.question(for: text, among: choices)
        }
    }

    /// How a value is shown to people: without its password.
    package func shown(_ text: String) -> String {
        isSecret ? SecretText.hidingPassword(in: text) : text
    }

    static func elements(of text: String) -> [String] {
        text.split(separator: ",").map { element in
            String(element.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }.filter { !$0.isEmpty }
    }
}
