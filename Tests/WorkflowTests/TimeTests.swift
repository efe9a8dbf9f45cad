import Testing

@testable import Workflow

struct TimeTests {
    /// `pandas.to_datetime(text).value // 10**9`
    @Test(arguments: [
        ("2024-01-01", 1_704_067_200), ("2024-02", 1_706_745_600), ("2024", 1_704_067_200), ("20240131", 1_706_659_200),
        ("2024/01/31", 1_706_659_200), ("1/31/2024", 1_706_659_200), ("2024-01-31T09:30", 1_706_693_400),
        ("2024-01-31 09:30:15.25", 1_706_693_415), ("2024-01-31T09:30:15Z", 1_706_693_415),
        ("2024-01-31T09:30:15+01:00", 1_706_689_815), ("1969-12-31T23:59:59", -1), ("1900-03-01", -2_203_891_200),
        ("2000-02-29", 951_782_400),
    ])
    func `dates and times are read`(text: String, seconds: Int) {
        #expect(CivilTime(parsing: text)?.seconds == Int64(seconds))
    }

    @Test(arguments: ["2023-02-29", "2024-13-01", "2024-1-", "now", "12:30", "2024-01-01T25:00", "", "2024-01-01T"])
    func `what is no date is refused`(text: String) {
        #expect(CivilTime(parsing: text) == nil)
    }

    /// `datetime.datetime(2024, 2, 5, 15, 4, 9).strftime(pattern)` of Python 3.11 in the C locale.
    @Test(arguments: [
        ("%Y-%m-%dT%H:%M:%S", "2024-02-05T15:04:09"), ("%d %b %y, %I:%M %p", "05 Feb 24, 03:04 PM"),
        ("%A %a %B %j %w %u", "Monday Mon February 036 1 1"), ("%U %W %V %G", "05 06 06 2024"),
        ("%F %T %D %R %e %%", "2024-02-05 15:04:09 02/05/24 15:04  5 %"), ("%f%z%Z", "000000"),
        ("%c", "Mon Feb  5 15:04:09 2024"),
    ])
    func `patterns print as in Python`(pattern: String, text: String) {
        let time = CivilTime(year: 2024, month: 2, day: 5, hour: 15, minute: 4, second: 9)
        #expect(TimePattern(pattern)?.format(time) == text)
    }

    @Test func `every day of 800 years reads back as itself`() {
        var time = CivilTime(year: 1600, month: 1, day: 1)
        var weekday = time.fields.weekday
        for _ in 0..<292_194 {
            let fields = time.fields
            let again = CivilTime(year: fields.year, month: fields.month, day: fields.day)
            guard again == time, fields.weekday == weekday else {
                Issue.record("\(time.seconds)")
                return
            }
            time = CivilTime(seconds: time.seconds + 86_400)
            weekday = (weekday + 1) % 7
        }
        #expect(time.fields.year == 2400)
    }
}
