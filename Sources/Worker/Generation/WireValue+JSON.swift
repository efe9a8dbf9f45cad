import Glibc
import JSON
package import Messages
import Templates

extension WireValue {
    /// Any value as a cell's: a text bare, everything else as JSON.
    init(_ value: JSONValue) {
        if case .string(let text) = value {
            self.init(cellText: text)
        } else {
            self.init()
            json = value.serialized()
        }
    }

    /// A text as a cell's value. One that holds NUL, which PostgreSQL's text cannot, travels as JSON.
    package init(cellText text: String) {
        self.init()
        if text.holdsNUL {
            json = JSONValue.string(text).serialized()
        } else {
            self.text = text
        }
    }

    /// What templates see of it: texts that are JSON are what they say.
    var templateValue: JSONValue {
        switch kind {
        case .text(let text): JSONDecoding.decoded(.string(text))
        // What cannot be read as JSON was no JSON of ours: it is shown as it is.
        case .json(let json):
            (try? JSONValue(parsing: json, options: .python)).map(JSONDecoding.decoded) ?? .string(json)
        case nil: .null
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
