/// As much of RFC 3986 as references between schemas need.
enum SchemaURI {
    /// A reference made absolute, its fragment with it.
    static func resolve(_ reference: String, against base: String) -> String {
        if reference.hasPrefix("#") { return base + reference }
        if scheme(of: reference) != nil || base.isEmpty { return reference }
        if base.hasPrefix("urn:") { return reference }
        let (authority, path) = split(base)
        if reference.hasPrefix("//") { return (scheme(of: base) ?? "") + ":" + reference }
        if reference.hasPrefix("/") { return authority + reference }
        if reference.isEmpty { return base }
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "/"
        return authority + withoutDots(String(folder) + reference)
    }

    /// The part before the fragment, and the fragment.
    static func parts(of uri: String) -> (document: String, fragment: String) {
        guard let mark = uri.firstIndex(of: "#") else { return (uri, "") }
        return (String(uri[..<mark]), String(uri[uri.index(after: mark)...]))
    }

    private static func scheme(of uri: String) -> String? {
        guard let colon = uri.firstIndex(of: ":") else { return nil }
        let scheme = uri[..<colon]
        guard let first = scheme.utf8.first, first | 0x20 >= 0x61, first | 0x20 <= 0x7A,
            scheme.utf8.allSatisfy({ $0 > 0x2A && $0 < 0x7B && $0 != 0x2F })
        else { return nil }
        return String(scheme)
    }

    /// `https://host`, and what stands behind it.
    private static func split(_ uri: String) -> (authority: String, path: Substring) {
        guard let start = uri.range(ofText: "://") else { return ("", uri[...]) }
        let rest = uri[start...]
        guard let slash = rest.firstIndex(of: "/") else { return (uri, "") }
        return (String(uri[..<slash]), uri[slash...])
    }

    private static func withoutDots(_ path: String) -> String {
        var segments: [Substring] = []
        let all = path.split(separator: "/", omittingEmptySubsequences: false)
        for (place, segment) in all.enumerated() {
            switch segment {
            case ".": if place == all.count - 1 { segments.append("") }
            case "..":
                if segments.count > 1 { segments.removeLast() }
                if place == all.count - 1 { segments.append("") }
            default: segments.append(segment)
            }
        }
        return segments.joined(separator: "/")
    }

    /// `%25` and its like decoded.
    static func percentDecoded(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let code = UInt8(String(rest.prefix(2)) ?? "", radix: 16) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension String {
    /// Where a text ends that occurs in this one.
    fileprivate func range(ofText text: String) -> Index? {
        var place = startIndex
        while place < endIndex {
            if self[place...].hasPrefix(text) { return index(place, offsetBy: text.count) }
            place = index(after: place)
        }
        return nil
    }
}
