package import JSON
package import Messages

extension WireValue {
    /// As it travels: text bare, everything else as JSON.
    package init(_ value: JSONValue) {
        self.init()
        if case .string(let text) = value { self.text = text } else { json = value.serialized() }
    }

    /// As the table `cells` holds it. PostgreSQL has no NUL in text: such a string is stored as JSON.
    var stored: (text: String, isJSON: Bool) {
        switch kind {
        case .json(let text): (text, true)
        case .text(let text): text.utf8.contains(0) ? (JSONValue.string(text).serialized(), true) : (text, false)
        case nil: ("", false)
        }
    }

    /// As templates of other columns see it. JSON that does not parse is kept as its text.
    package var jsonValue: JSONValue {
        switch kind {
        case .json(let text): (try? JSONValue(parsing: text)) ?? .string(text)
        case .text(let text): .string(text)
        case nil: .string("")
        }
    }
}
