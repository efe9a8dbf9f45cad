package import Postgres

/// What coordinators hear of workers, kept for clients, and what clients wish of workers.
///
/// Nothing decides by the first. Every coordinator hears the same and writes the same rows.
package struct WorkerStore: Sendable {
    /// A wish that no worker obeyed for so long is given up.
    package static let orderSeconds = 120

    private let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    /// One worker.
    package struct Standing: Sendable, Hashable {
        package let worker: String
        /// A JSON object, schema `worker/v1`.
        package let status: String

        package init(worker: String, status: String) {
            self.worker = worker
            self.status = status
        }
    }

    /// A wish that a worker ends.
    package struct Order: Sendable, Hashable {
        package let id: Int64
        package let worker: String
    }

    /// Standings take the place of those before; one that is a day old is removed.
    ///
    /// - Returns: the wishes that nobody has carried out.
    package func record(
        _ standings: [Standing], settled: [Int64]
    ) async throws(PostgresError) -> [Order] {
        let results = try await pool.transact([
            Statement(
                """
                insert into workers (id, at, status)
                select w, now(), s from unnest($1::text[], $2::text[]) as r (w, s) order by w
                on conflict (id) do update set at = excluded.at, status = excluded.status
                """, [.textArray(standings.map(\.worker)), .textArray(standings.map(\.status))]),
            Statement("delete from workers where at < now() - interval '1 day'"),
            Statement(
                """
                update worker_orders set done_at = now()
                where done_at is null and (id = any($1) or created_at < now() - $2 * interval '1 second')
                """, [.int8Array(settled), .int4(Int32(Self.orderSeconds))]),
            Statement("select id, worker from worker_orders where done_at is null order by id"),
        ])
        var orders: [Order] = []
        for row in results[3] { orders.append(Order(id: try row.int64(0), worker: try row.text(1))) }
        return orders
    }

    /// Every worker that was heard of in the last `seconds`, by name, with the seconds since.
    package func standings(
        within seconds: Int
    ) async throws(PostgresError) -> [(standing: Standing, age: Double)] {
        let rows = try await pool.run(
            Statement(
                """
                select id, status, extract(epoch from now() - at)::float8 from workers
                where at > now() - $1 * interval '1 second' order by id
                """, [.int4(Int32(seconds))]))
        var standings: [(standing: Standing, age: Double)] = []
        for row in rows {
            standings.append((Standing(worker: try row.text(0), status: try row.text(1)), try row.double(2)))
        }
        return standings
    }

    /// Wishes that these workers end.
    package func order(_ workers: [String]) async throws(PostgresError) {
        _ = try await pool.run(
            Statement(
                "insert into worker_orders (worker, kind) select w, 'drain' from unnest($1::text[]) as w",
                [.textArray(workers)]))
    }
}
