import Testing

@testable import HTTP
@testable import Inference

struct RetryAfterTests {
    private let date = "Sun, 06 Nov 1994 08:49:37 GMT"

    @Test(arguments: [
        ("2", Duration.seconds(2)), (" 30 ", .seconds(30)), ("0", .zero), ("0.25", .milliseconds(250)),
        ("600", .seconds(600)), ("86400", .seconds(600)), ("99999999999999999999999", .seconds(600)),
    ])
    func `seconds are taken to the letter, up to ten minutes`(_ text: String, _ wait: Duration) {
        #expect(RetryAfter.parse(text, date: nil) == wait)
    }

    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:40 GMT", Duration.seconds(3)), ("Sun, 06 Nov 1994 08:49:00 GMT", .zero),
        ("Mon, 07 Nov 1994 08:49:37 GMT", .seconds(600)), ("Sun, 06 Nov 1994 08:50:37 UTC", .seconds(60)),
    ])
    func `a date is taken relative to the reply's own date`(_ text: String, _ wait: Duration) {
        #expect(RetryAfter.parse(text, date: date) == wait)
        #expect(RetryAfter.parse(text, date: nil) == nil)
        #expect(RetryAfter.parse(text, date: "yesterday") == nil)
    }

    @Test func `milliseconds are more exact than seconds`() {
        var headers = HTTPResponseHeaders()
        headers.fields = [(name: "retry-after", value: "2"), (name: "retry-after-ms", value: "1250")]
        #expect(RetryAfter.parse(headers) == .milliseconds(1250))
        headers.fields[1].value = "soon"
        #expect(RetryAfter.parse(headers) == .seconds(2))
    }

    @Test(arguments: ["", "soon", "-1", "1e3", "2 seconds", "1.2.3", "Sunday, 06-Nov-94 08:49:37 GMT", "."])
    func `anything else says nothing`(_ text: String) {
        #expect(RetryAfter.parse(text, date: date) == nil)
    }

    @Test(arguments: [
        ("Thu, 01 Jan 1970 00:00:00 GMT", Int64(0)), ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
        ("Tue, 29 Feb 2000 12:00:00 GMT", 951_825_600), ("Mon, 01 Mar 2100 00:00:00 GMT", 4_107_542_400),
        ("Fri, 31 Dec 1999 23:59:60 GMT", 946_684_800),
    ])
    func `dates are counted as the calendar has them`(_ text: String, _ seconds: Int64) {
        #expect(HTTPDate.seconds(text) == seconds)
    }

    @Test(arguments: [
        "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nom 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 08:49:37 +0100", "06 Nov 1994 08:49:37 GMT",
    ])
    func `what is no such date is none`(_ text: String) {
        #expect(HTTPDate.seconds(text) == nil)
    }
}
