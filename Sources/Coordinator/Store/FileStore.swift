package import Postgres

/// A file's name in a job, and its content's hash.
package struct StoredFile: Sendable, Hashable {
    package let name: String
    /// SHA-256.
    package let hash: [UInt8]
    package let bytes: Int64

    package init(name: String, hash: [UInt8], bytes: Int64) {
        self.name = name
        self.hash = hash
        self.bytes = bytes
    }
}

/// Files of jobs in tables `files`, `file_pieces` and `job_files`: content-addressed, so that equal ones are there
/// once.
package struct FileStore: Sendable {
    /// Bytes of every piece but the last.
    package static let pieceBytes = 1 << 20

    private let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    // MARK: Keeping

    /// Keeps a piece of a file, and names the file in the job of that id. A second time changes nothing.
    ///
    /// - Parameter offset: a multiple of `pieceBytes`.
    /// - Returns: false when there is no such job; then nothing is kept.
    package func keep(
        _ body: [UInt8], at offset: Int64, of file: StoredFile, job: String
    ) async throws(PostgresError) -> Bool {
        let rows = try await pool.run(
            Statement(
                """
                with wanted as (select number from jobs where id = $1 for key share),
                made as (
                    insert into files (hash, bytes) select $2, $3 from wanted
                    on conflict (hash) do update set stored_at = now() returning hash),
                piece as (
                    insert into file_pieces (hash, piece, body) select hash, $4, $5 from made on conflict do nothing),
                named as (
                    insert into job_files (job, name, hash) select number, $6, hash from wanted, made
                    on conflict do nothing)
                select count(*)::integer from made
                """,
                [
                    .text(job), .bytes(file.hash), .int8(file.bytes), .int4(Int32(offset / Int64(Self.pieceBytes))),
                    .bytes(body), .text(file.name),
                ]))
        return try rows[0].int32(0) == 1
    }

    /// Keeps a piece of a file that no job names yet: for a day, then `JobStore.removeForgotten` takes it.
    package func put(_ body: [UInt8], at offset: Int64, of file: StoredFile) async throws(PostgresError) {
        _ = try await pool.transact([
            Statement(
                """
                insert into files (hash, bytes) values ($1, $2) on conflict (hash) do update set stored_at = now()
                """,
                [.bytes(file.hash), .int8(file.bytes)]),
            Statement(
                "insert into file_pieces (hash, piece, body) values ($1, $2, $3) on conflict do nothing",
                [.bytes(file.hash), .int4(Int32(offset / Int64(Self.pieceBytes))), .bytes(body)]),
        ])
    }

    /// Those of these hashes whose files are whole. They are kept for another day, whether a job names them or not.
    package func known(_ hashes: [[UInt8]]) async throws(PostgresError) -> Set<[UInt8]> {
        let rows = try await pool.run(
            Statement(
                """
                update files f set stored_at = now() where f.hash = any($1::bytea[]) and f.bytes =
                    (select sum(octet_length(p.body)) from file_pieces p where p.hash = f.hash)
                returning f.hash
                """, [.bytesArray(hashes)]))
        var known: Set<[UInt8]> = []
        for row in rows { known.insert(try row.bytes(0)) }
        return known
    }

    // MARK: Reading

    /// The piece of a job's file from an offset on, and the size of the whole; nil when the job has no such file, or
    /// not all of it is there yet.
    package func piece(
        of name: String, job: String, at offset: Int64
    ) async throws(PostgresError) -> (body: [UInt8], size: Int64)? {
        let rows = try await pool.run(
            Statement(
                """
                select p.body, f.bytes from jobs j join job_files n on n.job = j.number and n.name = $2
                join files f using (hash) join file_pieces p on p.hash = f.hash and p.piece = $3 where j.id = $1
                """, [.text(job), .text(name), .int4(Int32(offset / Int64(Self.pieceBytes)))]))
        guard let row = rows.first else { return nil }
        return (try row.bytes(0), try row.int64(1))
    }

    /// The whole of a job's file; nil when it is not there.
    package func file(_ name: String, of job: Job) async throws(PostgresError) -> [UInt8]? {
        var bytes: [UInt8] = []
        while true {
            guard let piece = try await piece(of: name, job: job.id.rawValue, at: Int64(bytes.count)),
                !piece.body.isEmpty
            else { return nil }
            bytes += piece.body
            if bytes.count >= piece.size { return bytes }
        }
    }
}
