/// A moment as PostgreSQL's `timestamptz` keeps it: whole microseconds.
package struct PostgresTimestamp: Hashable, Comparable, Sendable {
    /// Since 1970-01-01 00:00 UTC, negative before it. `infinity` and `-infinity` are the largest and smallest value.
    package let microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }

    package static func < (left: PostgresTimestamp, right: PostgresTimestamp) -> Bool {
        left.microseconds < right.microseconds
    }

    /// 2000-01-01 00:00 UTC, from which the server counts.
    private static let epoch: Int64 = 946_684_800_000_000

    /// As on the wire. The two ends of the range are the server's infinities; what lies outside becomes one of them.
    var wireValue: Int64 {
        switch microseconds {
        case .max: .max
        case .min: .min
        default: microseconds.subtractingReportingOverflow(Self.epoch).overflow ? .min : microseconds - Self.epoch
        }
    }

    init(wireValue: Int64) {
        switch wireValue {
        case .min: microseconds = .min
        default:
            let (value, overflow) = wireValue.addingReportingOverflow(Self.epoch)
            microseconds = overflow ? .max : value
        }
    }
}
