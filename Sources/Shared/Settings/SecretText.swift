/// Passwords in what people see.
package enum SecretText {
    /// What stands in place of a secret.
    package static let dots = "••••"

    /// A service's URL with dots for its password, in the place before the host as in the query
    /// (`?password=...`). A text that is no URL and names a password is replaced whole.
    package static func hidingPassword(in text: String) -> String {
        guard let scheme = text.firstRange(of: "://") else {
            return text.lowercased().contains("password") ? dots : text
        }
        var shown = String(text[..<scheme.upperBound])
        let rest = text[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        // The last @ divides: a password that was not percent-encoded may hold one.
        if let at = authority.lastIndex(of: "@") {
            let user = authority[..<at]
            if let colon = user.firstIndex(of: ":") {
                shown += user[..<colon] + ":" + dots
            } else {
                shown += user
            }
            shown += authority[at...]
        } else {
            shown += authority
        }
        return shown + hidingParameters(in: rest[authority.endIndex...])
    }

    /// Whether a service's URL, or libpq's key=value text, holds a password.
    package static func holdsPassword(_ text: String) -> Bool { hidingPassword(in: text) != text }

    private static func hidingParameters(in tail: Substring) -> String {
        guard let question = tail.firstIndex(of: "?") else { return String(tail) }
        let parameters = tail[tail.index(after: question)...].split(separator: "&", omittingEmptySubsequences: false)
        let shown = parameters.map { parameter -> String in
            guard let equals = parameter.firstIndex(of: "="), parameter[..<equals].lowercased().contains("password")
            else { return String(parameter) }
            return parameter[...equals] + dots
        }
        return tail[...question] + shown.joined(separator: "&")
    }
}
