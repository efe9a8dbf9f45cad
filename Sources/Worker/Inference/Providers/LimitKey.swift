/// What is throttled: one model at one endpoint under one credential, for one kind of request.
///
/// Workers that name the same key share one limit; the text travels between them and shows in logs. It holds no secret:
/// of the credential it has 32 bits of a hash, too few to tell anything about a key but whether it is the same.
package struct LimitKey: Hashable, Sendable, Comparable, CustomStringConvertible {
    package enum Domain: String, Hashable, Sendable {
        case chat
        case embedding
        case image
    }

    /// `endpoint|credential|model|domain`, each part with `%` and `|` percent-encoded.
    package let description: String

    init(endpoint: String, credential: String, model: String, domain: Domain) {
        description = [endpoint, credential, model, domain.rawValue].map(Self.encoded).joined(separator: "|")
    }

    package static func < (left: LimitKey, right: LimitKey) -> Bool { left.description < right.description }

    private static func encoded(_ part: String) -> String {
        var text = ""
        for character in part {
            switch character {
            case "%": text += "%25"
            case "|": text += "%7C"
            default: text.append(character)
            }
        }
        return text
    }
}
