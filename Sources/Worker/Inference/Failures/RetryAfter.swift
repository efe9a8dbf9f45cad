package import HTTP

/// The Retry-After header: how long an endpoint asks to be left alone.
package enum RetryAfter {
    /// A longer wait is not believed.
    package static let longest: Duration = .seconds(600)

    /// What a reply asks for, from zero to `longest`; nil where it asks for nothing that can be read.
    ///
    /// `retry-after-ms`, which some endpoints send beside the other, is more exact and counts first.
    package static func parse(_ headers: HTTPResponseHeaders) -> Duration? {
        let exact = headers["retry-after-ms"].flatMap(number).map { duration(milliseconds: $0) }
        return exact ?? parse(headers.retryAfter, date: headers.date)
    }

    /// Seconds (fractions too), or an HTTP date taken relative to the reply's own Date header, never to a local clock.
    ///
    /// - Returns: from zero to `longest`; nil for a text that is neither, and for a date without a Date header.
    package static func parse(_ text: String?, date: String?) -> Duration? {
        guard let text else { return nil }
        if let seconds = number(text) { return duration(milliseconds: seconds * 1000) }
        guard let until = HTTPDate.seconds(text), let date, let now = HTTPDate.seconds(date) else { return nil }
        return min(max(.zero, .seconds(until - now)), longest)
    }

    /// Digits, with a point among them or not, and white space around them.
    private static func number(_ text: String) -> Double? {
        let digits = text.filter { $0 != " " && $0 != "\t" }
        guard digits.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: ".") }) else {
            return nil
        }
        return Double(digits)
    }

    private static func duration(milliseconds: Double) -> Duration {
        .milliseconds(Int64(min(milliseconds, 600_000).rounded(.up)))
    }
}
