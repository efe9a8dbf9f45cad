/// The reply headers that the client's settings name; the rest is not kept.
package struct HTTPResponseHeaders: Sendable {
    /// In the order of the settings, names in lower case, values as they came.
    package var fields: [(name: String, value: String)] = []

    /// The value of the header with that name in lower case; the last one where it came several times.
    package subscript(name: String) -> String? {
        fields.first { $0.name == name }?.value
    }

    /// Seconds or an HTTP date, as it came.
    package var retryAfter: String? { self["retry-after"] }
    /// The server's own clock: what a date in `retryAfter` is relative to.
    package var date: String? { self["date"] }
    package var contentType: String? { self["content-type"] }
}
