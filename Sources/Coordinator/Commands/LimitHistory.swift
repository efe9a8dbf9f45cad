import JSON
import Store

/// How one limit moved, for `coordinator routes --history` and charts.
struct LimitHistory {
    let limitKey: String
    let moments: [(age: Double, moment: LimitStore.Moment)]

    /// Refusals of each moment: the stored sums' differences, none at a new leader's restart of the sum.
    private var refusals: [Int64] {
        let sums = moments.map(\.moment.refused)
        return zip([sums.first ?? 0] + sums, sums).map { max(0, $1 - $0) }
    }

    /// Schema `limit-history/v1`: columns, oldest first.
    static func json(_ histories: [LimitHistory]) -> JSONValue {
        [
            "schema": "limit-history/v1",
            "limits": .array(
                histories.map { history in
                    let moments = history.moments
                    return [
                        "limit_key": .string(history.limitKey),
                        "seconds_ago": .array(moments.map { .number(($0.age * 10).rounded() / 10) }),
                        "limit": .array(moments.map { .integer(Int64($0.moment.limit)) }),
                        "ceiling": .array(moments.map { .integer(Int64($0.moment.ceiling)) }),
                        "in_flight": .array(moments.map { .integer(Int64($0.moment.inFlight)) }),
                        "refused": .array(history.refusals.map { .integer($0) }),
                        "state": .array(moments.map { .string($0.moment.state) }),
                        "moved_by": .array(moments.map { .string($0.moment.movedBy) }),
                    ]
                }),
        ]
    }

    var lines: [String] {
        var rows = [["AGO", "LIMIT", "CEILING", "IN FLIGHT", "REFUSED", "STATE", "MOVED BY"]]
        for ((age, moment), refused) in zip(moments, refusals) {
            rows.append([
                "\(Int(age)) s", "\(moment.limit)", moment.ceiling > 0 ? "\(moment.ceiling)" : "-",
                "\(moment.inFlight)", "\(refused)", moment.state, moment.movedBy,
            ])
        }
        return [limitKey] + Columns.aligned(rows)
    }
}
