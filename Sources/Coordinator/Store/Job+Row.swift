import Postgres
import Scheduling

extension Job {
    static let columns = """
        number, id, name, partition, storage, workflow, coalesce(fingerprint, ''), seed, generator_version, requested,
        group_size, priority, salvage_max_rounds, max_parallel, run_config, keep_failed, former_ends,
        extract(epoch from deadline_at - clock_timestamp())::float8, max_tokens, state, reason, stopping, seed_data,
        (select s.columns from seeds s where s.hash = seed_data), (select s.rows from seeds s where s.hash = seed_data),
        (select s.bytes from seeds s where s.hash = seed_data)
        """

    /// From a row of `select \(Job.columns)`.
    init(_ row: Row) throws(PostgresError) {
        self.init(
            number: JobNumber(rawValue: try row.int64(0)), id: JobID(rawValue: try row.text(1)), name: try row.text(2),
            partition: Int(try row.int16(3)), storage: try row.int32(4), workflow: try row.text(5),
            fingerprint: try row.text(6), seed: UInt64(bitPattern: try row.int64(7)),
            generatorVersion: Int(try row.int16(8)), requested: try row.int64(9), groupSize: Int(try row.int32(10)),
            priority: Int(try row.int16(11)), salvageMaximumRounds: Int(try row.int16(12)),
            maximumParallel: try row.text(13), runConfig: try row.text(14), keepsFailed: try row.bool(15),
            formerEnds: try row.int8Array(16), secondsLeft: try row.optionalDouble(17),
            maximumTokens: try row.optionalInt64(18), state: JobState(rawValue: try row.text(19)) ?? .failed,
            reason: try row.text(20), seedData: try Self.seedData(row), isStopping: try row.bool(21))
    }

    private static func seedData(_ row: Row) throws(PostgresError) -> StoredSeed? {
        guard let hash = try row.optionalBytes(22) else { return nil }
        return StoredSeed(
            hash: hash, columns: try row.textArray(23).compactMap(\.self), rows: try row.int64(24),
            bytes: try row.int64(25))
    }
}
