package import Postgres

/// Leases and generations: which coordinator owns which partition.
package struct LeaseStore: Sendable {
    /// After so long without a renewal, by the database's clock, a coordinator's partitions may be taken.
    package static let leaseSeconds = 10
    /// After so long without a renewal they may be taken as well if no database session of the coordinator is left: its
    /// process is gone, or cut off. One that lives has renewed within 3 s, and connects again within 2 s.
    package static let sessionlessSeconds = 5
    /// A renewal that takes longer is tried anew.
    static let renewalLimit: Duration = .seconds(4)

    let pool: PostgresPool

    /// - Parameter pool: a coordinator's sessions are called by ``applicationName(of:)``.
    package init(pool: PostgresPool) { self.pool = pool }

    /// What the sessions of a coordinator are called, for the lease and for all else: while there is one, it may live.
    package static func applicationName(of coordinator: String) -> (all: String, lease: String) {
        ("tessera \(coordinator)", "tessera \(coordinator) lease")
    }

    /// Whether the lease `c` holds. A server that has just started has lost everybody's sessions: that says nothing.
    private static let isHeld = """
        (c.expires_at > clock_timestamp() and (
            c.expires_at > clock_timestamp() + interval '\(leaseSeconds - sessionlessSeconds) seconds'
            or \(serverIsNew)
            or exists (
                select 1 from pg_stat_activity a where a.usename = current_user and \(isOfCoordinator))))
        """

    /// Whether the coordinator of the lease `c` is there, as people are told: one without a session is not, unless it
    /// renewed a moment ago. It takes nothing from anybody, so that it may be wrong while one connects again.
    private static let isThere = """
        (c.expires_at > clock_timestamp() and (
            c.expires_at > clock_timestamp() + interval '\(leaseSeconds - 1) seconds'
            or \(serverIsNew) or exists (select 1 from pg_stat_activity a where \(isOfCoordinator))))
        """

    private static let serverIsNew =
        "pg_postmaster_start_time() > clock_timestamp() - interval '\(leaseSeconds) seconds'"
    /// Whether the session `a` is one of the coordinator `c`.
    private static let isOfCoordinator =
        "a.application_name in (left('tessera ' || c.id, 63), left('tessera ' || c.id || ' lease', 63))"

    package struct Ownership: Sendable {
        package let partition: Int
        package let owner: String?
        /// False when the owner's lease is over, or there is none.
        package let isHeld: Bool
    }

    /// Renews the coordinator's lease, and tells who is alive and who owns what.
    package func renew(_ coordinator: String) async throws(PostgresError) -> (live: [String], partitions: [Ownership]) {
        let results = try await pool.transact(
            [
                Statement(
                    """
                    insert into coordinators (id, expires_at)
                    values ($1, clock_timestamp() + $2 * interval '1 second')
                    on conflict (id) do update set expires_at = excluded.expires_at
                    """, [.text(coordinator), .int4(Int32(Self.leaseSeconds))]),
                Statement("select c.id from coordinators c where \(Self.isHeld) order by c.id"),
                Statement(
                    """
                    select p.id, p.owner, coalesce(\(Self.isHeld), false)
                    from partitions p left join coordinators c on c.id = p.owner order by p.id
                    """),
            ], timeout: Self.renewalLimit)
        var live: [String] = []
        for row in results[1] { live.append(try row.text(0)) }
        var partitions: [Ownership] = []
        for row in results[2] {
            partitions.append(
                Ownership(partition: Int(try row.int16(0)), owner: try row.optionalText(1), isHeld: try row.bool(2)))
        }
        return (live, partitions)
    }

    /// Takes a partition whose owner's lease is over, or that has none.
    ///
    /// A predecessor that is frozen in the middle of a transaction would hold the row: its database sessions are ended
    /// first. If it lives after all, its next transaction fails at the fence.
    ///
    /// - Returns: the new generation; nil when somebody else was faster.
    package func claim(_ partition: Int, for coordinator: String) async throws(PostgresError) -> Int64? {
        let results = try await pool.transact([
            Statement(
                """
                select pg_terminate_backend(a.pid) from pg_stat_activity a, partitions p
                left join coordinators c on c.id = p.owner
                where p.id = $1 and p.owner <> $2 and not coalesce(\(Self.isHeld), false)
                    and a.usename = current_user and a.application_name = left('tessera ' || p.owner, 63)
                """, [.int2(Int16(partition)), .text(coordinator)]),
            Statement(
                """
                update partitions p set owner = $2,
                    generation = greatest(generation + 1, extract(epoch from clock_timestamp())::bigint)
                where id = $1 and (owner is null or owner = $2 or not exists (
                    select 1 from coordinators c where c.id = p.owner and \(Self.isHeld)))
                returning generation
                """, [.int2(Int16(partition)), .text(coordinator)]),
        ])
        guard let row = results[1].first else { return nil }
        return try row.int64(0)
    }

    /// Gives a partition up, so that another may take it at once.
    package func release(_ partition: Int, generation: Int64) async throws(PostgresError) {
        _ = try await pool.run(
            Statement(
                "update partitions set owner = null where id = $1 and generation = $2",
                [.int2(Int16(partition)), .int8(generation)]))
    }

    /// Ends the coordinator's lease; its partitions are free.
    package func leave(_ coordinator: String) async throws(PostgresError) {
        _ = try await pool.transact([
            Statement("update partitions set owner = null where owner = $1", [.text(coordinator)]),
            Statement("delete from coordinators where id = $1", [.text(coordinator)]),
        ])
    }

    /// Whether any coordinator is there: one that was killed is not, about a second later. For people, not for owners.
    package func hasCoordinator() async throws(PostgresError) -> Bool {
        let statement = Statement("select exists (select 1 from coordinators c where \(Self.isThere))")
        return try await pool.run(statement)[0].bool(0)
    }

    /// How many partitions this database has; 0 before the first migration.
    package func count() async throws(PostgresError) -> Int {
        Int(try await pool.run(Statement("select count(*) from partitions"))[0].int64(0))
    }
}
