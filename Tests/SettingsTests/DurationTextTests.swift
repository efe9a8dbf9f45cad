import Settings
import Testing

struct DurationTextTests {
    @Test(arguments: [
        ("25s", Duration.seconds(25)), ("30m", .seconds(1_800)), ("6h", .seconds(21_600)), ("1h30m", .seconds(5_400)),
        ("600", .seconds(600)), ("0", .zero), ("250ms", .milliseconds(250)), ("1.5s", .milliseconds(1_500)),
        ("2d4h", .seconds(187_200)), ("0.000000001s", .nanoseconds(1)), ("1m0.5s", .milliseconds(60_500)),
    ])
    func `what people write is read`(_ text: String, _ duration: Duration) {
        #expect(DurationText.parse(text) == duration)
    }

    @Test(arguments: [
        "", " ", "s", "-5s", "+5", "5 s", "30m1h", "1h1h", "5x", "5S", "1.s", ".5s", "1.5.5s", "1h30", "1e3", "٣s",
        "9999999999999s", "40000d",
    ])
    func `what is no duration is refused`(_ text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(arguments: ["0s", "25s", "30m", "6h", "1h30m", "250ms", "1.5s", "2d4h", "1m0.05s", "1h0.001s"])
    func `the printed text is the shortest that reads back`(_ text: String) throws {
        let duration = try #require(DurationText.parse(text))
        #expect(DurationText.print(duration) == text)
    }

    @Test func `a negative duration is printed with its sign`() {
        #expect(DurationText.print(.seconds(-90)) == "-1m30s")
    }
}
