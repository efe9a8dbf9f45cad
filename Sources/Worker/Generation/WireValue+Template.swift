import JSON
import Messages
import Templates

extension WireValue {
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
