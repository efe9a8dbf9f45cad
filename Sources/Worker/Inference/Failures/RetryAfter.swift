/// The Retry-After header: how long an endpoint asks to be left alone.
package enum RetryAfter {
    /// A longer wait is not believed.
    package static let longest: Duration = .seconds(600)

    /// Seconds (fractions too), or an HTTP date taken relative to the reply's own Date header, never to a local clock.
    ///
    /// - Returns: from zero to `longest`; nil for a text that is neither, and for a date without a Date header.
    package static func parse(_ text: String?, date: String?) -> Duration? {
        guard let text else { return nil }
        let trimmed = text.filter { $0 != " " && $0 != "\t" }
        if let first = trimmed.utf8.first, UInt8(ascii: "0")...UInt8(ascii: "9") ~= first || first == UInt8(ascii: ".")
        {
            guard trimmed.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: ".") }),
                let seconds = Double(trimmed)
            else { return nil }
            return .milliseconds(Int64((min(seconds, 600) * 1000).rounded(.up)))
        }
        guard let until = HTTPDate.seconds(text), let date, let now = HTTPDate.seconds(date) else { return nil }
        return min(max(.zero, .seconds(until - now)), longest)
    }
}
