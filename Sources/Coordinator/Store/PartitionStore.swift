package import Postgres

/// What a partition's owner reads when it takes over, and while it serves.
package struct PartitionStore: Sendable {
    let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    /// The way back from every lost connection and every commit of unknown outcome: raises the own generation, which
    /// waits for a transaction of the own past that is still under way.
    ///
    /// - Returns: the new generation; nil when the partition has another owner now.
    package func retake(_ partition: Int, generation: Int64) async throws(PostgresError) -> Int64? {
        let rows = try await pool.run(
            Statement(
                """
                update partitions
                set generation = greatest(generation + 1, extract(epoch from clock_timestamp())::bigint)
                where id = $1 and generation = $2 returning generation
                """, [.int2(Int16(partition)), .int8(generation)]))
        guard let row = rows.first else { return nil }
        return try row.int64(0)
    }
}
