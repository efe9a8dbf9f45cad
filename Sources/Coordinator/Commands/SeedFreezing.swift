import Digest
import JSON
import Postgres
import Seeds
import Store

/// Copies seed data into the database, piece by piece: a file of gigabytes is never in memory.
struct SeedFreezing {
    let source: SeedSource
    let store: SeedStore

    /// Pieces that go into one statement.
    private static let batch = 4

    func run() async throws -> StoredSeed {
        var pieces: [StoredSeedPiece] = []
        var waiting: [(hash: [UInt8], body: [UInt8])] = []
        var rows: Int64 = 0
        var bytes: Int64 = 0
        var digest: [UInt8] = Array(JSONValue.array(source.columns.map { .string($0) }).serialized().utf8)
        do {
            try await SeedPieceStream(source).read { piece in
                let hash = SHA256(of: piece.bytes).bytes
                pieces.append(StoredSeedPiece(firstRow: rows, rows: piece.rows, hash: hash))
                rows += Int64(piece.rows)
                bytes += Int64(piece.bytes.count)
                digest += hash
                waiting.append((hash, piece.bytes))
                if waiting.count == Self.batch {
                    try await put(waiting)
                    waiting = []
                }
            }
            try await put(waiting)
            let seed = StoredSeed(
                hash: SHA256(of: digest).bytes, columns: source.columns, rows: rows, bytes: bytes)
            try await store.create(seed, pieces: pieces)
            return seed
        } catch let error as SeedError {
            throw CommandFailure(.invalidWorkflow, "the seed data: \(error.description)", next: error.next)
        } catch let error as PostgresError {
            throw CommandFailure(.unreachable, "the seed data cannot be stored: \(error)")
        }
    }

    private func put(_ blobs: [(hash: [UInt8], body: [UInt8])]) async throws(PostgresError) {
        if blobs.isEmpty { return }
        let known = try await store.known(blobs.map(\.hash))
        let new = blobs.filter { !known.contains($0.hash) }
        if !new.isEmpty { try await store.put(new) }
    }
}
