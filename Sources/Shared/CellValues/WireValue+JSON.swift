import Glibc
package import JSON
package import Messages

/// How a cell's value travels and is stored: a text bare, everything else as JSON (docs/protocol.md, "Values").
extension WireValue {
    package init(_ value: JSONValue) {
        if case .string(let text) = value {
            self.init(cellText: text)
        } else {
            self.init()
            json = value.serialized()
        }
    }

    /// A text as a cell's value. One that holds NUL, which PostgreSQL's text cannot, is JSON.
    package init(cellText text: String) {
        self.init()
        if text.holdsNUL {
            json = JSONValue.string(text).serialized()
        } else {
            self.text = text
        }
    }

    /// As the table `cells` holds it, whoever wrote it.
    package var stored: (text: String, isJSON: Bool) {
        switch kind {
        case .json(let text): (text, true)
        case .text(let text): text.holdsNUL ? (JSONValue.string(text).serialized(), true) : (text, false)
        case nil: ("", false)
        }
    }

    /// What it says. JSON that does not parse is kept as its text.
    package var jsonValue: JSONValue {
        switch kind {
        case .json(let text): (try? JSONValue(parsing: text)) ?? .string(text)
        case .text(let text): .string(text)
        case nil: .string("")
        }
    }
}

extension String {
    fileprivate var holdsNUL: Bool {
        // A walk over the characters of a long answer costs more than everything else that is done to it.
        utf8.withContiguousStorageIfAvailable { bytes in
            guard let start = bytes.baseAddress else { return false }
            return memchr(start, 0, bytes.count) != nil
        } ?? utf8.contains(0)
    }
}
