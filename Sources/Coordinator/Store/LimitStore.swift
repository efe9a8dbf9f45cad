package import Postgres

/// What the coordinators hear of limits, kept for clients: how each stands now, and how it moved.
///
/// Nothing decides by it. Every coordinator hears the same and writes the same rows.
package struct LimitStore: Sendable {
    /// A second-by-second history is kept for an hour, then every tenth second for a day.
    package static let fineHours = 1
    package static let coarseHours = 24

    private let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    /// How one limit stands for one route.
    package struct Standing: Sendable, Hashable {
        package let provider: String
        package let model: String
        package let limitKey: String
        /// A JSON object, schema `route/v1`.
        package let status: String

        package init(provider: String, model: String, limitKey: String, status: String) {
            self.provider = provider
            self.model = model
            self.limitKey = limitKey
            self.status = status
        }

        package var place: Place { Place(provider: provider, model: model, limitKey: limitKey) }
    }

    /// One route under one limit.
    package struct Place: Sendable, Hashable {
        package let provider: String
        package let model: String
        package let limitKey: String
    }

    /// One second of a limit.
    package struct Moment: Sendable, Hashable {
        package let limitKey: String
        package let limit: Int
        /// 0: none is known.
        package let ceiling: Int
        package let inFlight: Int
        /// Calls refused since the limit's first leader began.
        package let refused: Int64
        package let state: String
        package let movedBy: String

        package init(
            limitKey: String, limit: Int, ceiling: Int, inFlight: Int, refused: Int64, state: String, movedBy: String
        ) {
            self.limitKey = limitKey
            self.limit = limit
            self.ceiling = ceiling
            self.inFlight = inFlight
            self.refused = refused
            self.state = state
            self.movedBy = movedBy
        }
    }

    /// Standings take the place of those before; of several moments in one second the first stays.
    ///
    /// - Parameter unserved: places whose last worker is gone: their standings are removed.
    package func record(
        _ standings: [Standing], _ moments: [Moment], unserved: Set<Place> = []
    ) async throws(PostgresError) {
        let unserved = Array(unserved)
        _ = try await pool.transact([
            Statement(
                """
                insert into route_limits (provider, model, limit_key, at, status)
                select p, m, k, now(), s from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as r (p, m, k, s)
                order by p, m, k
                on conflict (provider, model, limit_key) do update set at = excluded.at, status = excluded.status
                """,
                [
                    .textArray(standings.map(\.provider)), .textArray(standings.map(\.model)),
                    .textArray(standings.map(\.limitKey)), .textArray(standings.map(\.status)),
                ]),
            Statement(
                """
                insert into limit_history (limit_key, at, calls, ceiling, in_flight, refused, state, moved_by)
                select k, date_trunc('second', now()), l, c, i, r, s, b from unnest(
                    $1::text[], $2::int4[], $3::int4[], $4::int4[], $5::int8[], $6::text[], $7::text[])
                    as h (k, l, c, i, r, s, b)
                order by k on conflict do nothing
                """,
                [
                    .textArray(moments.map(\.limitKey)), .int4Array(moments.map { Int32(clamping: $0.limit) }),
                    .int4Array(moments.map { Int32(clamping: $0.ceiling) }),
                    .int4Array(moments.map { Int32(clamping: $0.inFlight) }), .int8Array(moments.map(\.refused)),
                    .textArray(moments.map(\.state)), .textArray(moments.map(\.movedBy)),
                ]),
            Statement(
                """
                delete from route_limits r using unnest($1::text[], $2::text[], $3::text[]) as u (p, m, k)
                where r.provider = p and r.model = m and r.limit_key = k
                """,
                [
                    .textArray(unserved.map(\.provider)), .textArray(unserved.map(\.model)),
                    .textArray(unserved.map(\.limitKey)),
                ]),
        ])
    }

    /// Forgets what is old, so that the history of a limit stays below some ten thousand rows.
    package func prune() async throws(PostgresError) {
        _ = try await pool.transact([
            Statement(
                """
                delete from limit_history where at < now() - $1 * interval '1 hour'
                    or at < now() - $2 * interval '1 hour' and extract(epoch from at)::bigint % 10 <> 0
                """, [.int4(Int32(Self.coarseHours)), .int4(Int32(Self.fineHours))]),
            Statement("delete from route_limits where at < now() - interval '1 day'"),
        ])
    }

    /// How every limit stands that was heard of in the last `seconds`, by provider and model.
    package func standings(
        within seconds: Int = 15
    ) async throws(PostgresError) -> [(standing: Standing, age: Double)] {
        let rows = try await pool.run(
            Statement(
                """
                select provider, model, limit_key, status, extract(epoch from now() - at)::float8 from route_limits
                where at > now() - $1 * interval '1 second' order by provider, model, limit_key
                """, [.int4(Int32(seconds))]))
        var standings: [(standing: Standing, age: Double)] = []
        for row in rows {
            standings.append(
                (
                    Standing(
                        provider: try row.text(0), model: try row.text(1), limitKey: try row.text(2),
                        status: try row.text(3)), try row.double(4)
                ))
        }
        return standings
    }

    /// How a limit moved, oldest first, with the seconds since.
    package func history(
        of limitKey: String, seconds: Int
    ) async throws(PostgresError) -> [(age: Double, moment: Moment)] {
        let rows = try await pool.run(
            Statement(
                """
                select extract(epoch from now() - at)::float8, calls, ceiling, in_flight, refused, state, moved_by
                from limit_history where limit_key = $1 and at > now() - $2 * interval '1 second' order by at
                """, [.text(limitKey), .int4(Int32(clamping: seconds))]))
        var moments: [(age: Double, moment: Moment)] = []
        for row in rows {
            moments.append(
                (
                    try row.double(0),
                    Moment(
                        limitKey: limitKey, limit: Int(try row.int32(1)), ceiling: Int(try row.int32(2)),
                        inFlight: Int(try row.int32(3)), refused: try row.int64(4), state: try row.text(5),
                        movedBy: try row.text(6))
                ))
        }
        return moments
    }
}
