package import Postgres

/// A frozen seed data set, as a job names it.
package struct StoredSeed: Sendable, Hashable {
    /// Over its columns and all of its data.
    package let hash: [UInt8]
    package let columns: [String]
    package let rows: Int64
    /// Of all rows, as they are stored.
    package let bytes: Int64

    package init(hash: [UInt8], columns: [String], rows: Int64, bytes: Int64) {
        self.hash = hash
        self.columns = columns
        self.rows = rows
        self.bytes = bytes
    }

    package var meanRowBytes: Int64 { bytes / rows }
}

/// One piece of a frozen seed data set; its body is the blob of that hash.
package struct StoredSeedPiece: Sendable {
    package let firstRow: Int64
    package let rows: Int
    package let hash: [UInt8]

    package init(firstRow: Int64, rows: Int, hash: [UInt8]) {
        self.firstRow = firstRow
        self.rows = rows
        self.hash = hash
    }
}

/// Part of a blob that is to be read.
package struct BlobSlice: Sendable {
    package let hash: [UInt8]
    package let bytes: Range<Int>

    package init(hash: [UInt8], bytes: Range<Int>) {
        self.hash = hash
        self.bytes = bytes
    }
}

/// Seed data in tables `seeds`, `seed_pieces` and `blobs`: content-addressed, so that the same data is there once.
package struct SeedStore: Sendable {
    let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    /// Stores blobs; those that are there already are left alone.
    package func put(_ blobs: [(hash: [UInt8], body: [UInt8])]) async throws(PostgresError) {
        _ = try await pool.run(
            Statement(
                "insert into blobs (hash, body) select * from unnest($1::bytea[], $2::bytea[]) on conflict do nothing",
                [.bytesArray(blobs.map(\.hash)), .bytesArray(blobs.map(\.body))]))
    }

    /// Which of these blobs are there.
    package func known(_ hashes: [[UInt8]]) async throws(PostgresError) -> Set<[UInt8]> {
        let rows = try await pool.run(
            Statement("select hash from blobs where hash = any($1::bytea[])", [.bytesArray(hashes)]))
        var known: Set<[UInt8]> = []
        for row in rows { known.insert(try row.bytes(0)) }
        return known
    }

    /// Names the pieces, whose blobs are there, as a data set. Doing so again only keeps it for another day.
    package func create(_ seed: StoredSeed, pieces: [StoredSeedPiece]) async throws(PostgresError) {
        var statements = [
            Statement(
                """
                insert into seeds (hash, columns, rows, bytes) values ($1, $2, $3, $4)
                on conflict (hash) do update set created_at = now()
                """,
                [.bytes(seed.hash), .textArray(seed.columns), .int8(seed.rows), .int8(seed.bytes)])
        ]
        for start in stride(from: 0, to: pieces.count, by: 10_000) {
            let part = pieces[start..<min(start + 10_000, pieces.count)]
            statements.append(
                Statement(
                    """
                    insert into seed_pieces (seed, first_row, rows, blob)
                    select $1, * from unnest($2::bigint[], $3::integer[], $4::bytea[]) on conflict do nothing
                    """,
                    [
                        .bytes(seed.hash), .int8Array(part.map(\.firstRow)), .int4Array(part.map { Int32($0.rows) }),
                        .bytesArray(part.map(\.hash)),
                    ]))
        }
        _ = try await pool.transact(statements)
    }

    /// The pieces of a data set, in the order of their rows.
    package func pieces(of seed: StoredSeed) async throws(PostgresError) -> [StoredSeedPiece] {
        let rows = try await pool.run(
            Statement(
                "select first_row, rows, blob from seed_pieces where seed = $1 order by first_row",
                [.bytes(seed.hash)]))
        var pieces: [StoredSeedPiece] = []
        pieces.reserveCapacity(rows.count)
        for row in rows {
            pieces.append(
                StoredSeedPiece(firstRow: try row.int64(0), rows: Int(try row.int32(1)), hash: try row.bytes(2)))
        }
        return pieces
    }

    /// The parts of blobs, in the order asked for. Costs a look-up each, and what is read, not the whole blob
    /// (`blobs.body` is stored uncompressed).
    package func slices(_ slices: [BlobSlice]) async throws(PostgresError) -> [[UInt8]] {
        let rows = try await pool.run(
            Statement(
                """
                select substring(b.body from s.first + 1 for s.count)
                from unnest($1::bytea[], $2::integer[], $3::integer[]) with ordinality as s (hash, first, count, place)
                join blobs b on b.hash = s.hash order by s.place
                """,
                [
                    .bytesArray(slices.map(\.hash)), .int4Array(slices.map { Int32($0.bytes.lowerBound) }),
                    .int4Array(slices.map { Int32($0.bytes.count) }),
                ]))
        var bodies: [[UInt8]] = []
        bodies.reserveCapacity(rows.count)
        for row in rows { bodies.append(try row.bytes(0)) }
        return bodies
    }
}
