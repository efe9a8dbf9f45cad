import Logging
import Postgres
import TestSupport
import Testing

@testable import Store

/// What submissions stored, and no job names, on a real PostgreSQL.
@Suite(.serialized) struct ForgottenTests {
    private let day: Duration = .seconds(86_400)

    private static let database = Task { () async throws -> PostgresPool in
        let logger = Logger(label: "tests")
        let url = try DatabaseURL(try await TestServices.makeDatabase("forgotten\(UInt32.random(in: 0 ... .max))"))
        let connection = PostgresConnection(url: url, applicationName: "tests", logger: logger)
        try await connection.connect()
        _ = try await Migrator(connection: connection).migrate(partitions: 1)
        await connection.close()
        return PostgresPool(url: url, size: 2, applicationName: "tests", logger: logger)
    }

    private static func hash(_ number: UInt8) -> [UInt8] { [UInt8](repeating: number, count: 32) }

    /// A file of two pieces, as an upload stores it.
    private func upload(_ number: UInt8, to pool: PostgresPool) async throws -> StoredFile {
        let file = StoredFile(
            name: "\(number).png", hash: Self.hash(number), bytes: Int64(FileStore.pieceBytes) + 1)
        let store = FileStore(pool: pool)
        try await store.put([UInt8](repeating: number, count: FileStore.pieceBytes), at: 0, of: file)
        try await store.put([number], at: Int64(FileStore.pieceBytes), of: file)
        return file
    }

    private func job(_ pool: PostgresPool, files: [StoredFile] = [], seed: StoredSeed? = nil) async throws -> Job {
        var new = NewJob(
            id: JobID(milliseconds: 1, random: (.random(in: 0 ... .max), .random(in: 0 ... .max))),
            name: "n\(UInt64.random(in: 0 ... .max))", workflow: "{}", fingerprint: "f", seed: 1, generatorVersion: 1,
            records: 1)
        new.files = files
        new.seedData = seed?.hash
        let jobs = JobStore(pool: pool)
        return try #require(try await jobs.job(try await jobs.create(new)))
    }

    /// Time passes for all that is stored.
    private func age(_ pool: PostgresPool, _ interval: String = "25 hours") async throws {
        _ = try await pool.transact([
            Statement("update files set stored_at = stored_at - $1::interval", [.text(interval)]),
            Statement("update seeds set created_at = created_at - $1::interval", [.text(interval)]),
        ])
    }

    private func count(_ table: String, in pool: PostgresPool) async throws -> Int64 {
        try await pool.run(Statement("select count(*) from \(table)", isPrepared: false))[0].int64(0)
    }

    @Test func `files that no job names go after a day, those of jobs and of submissions under way stay`() async throws
    {
        let pool = try await Self.database.value
        let jobs = JobStore(pool: pool)
        let used = try await upload(1, to: pool)
        _ = try await upload(2, to: pool)
        _ = try await upload(3, to: pool)
        let job = try await job(pool, files: [used])
        try await jobs.removeForgotten(olderThan: day)
        #expect(try await count("files", in: pool) == 3, "they may be of a submission under way")
        try await age(pool)
        // A submission that finds a file counts on it; one that goes on with it does, too.
        #expect(try await FileStore(pool: pool).known([Self.hash(3)]) == [Self.hash(3)])
        #expect(try await jobs.removeForgotten(olderThan: day) == 1)
        #expect(try await count("files", in: pool) == 2)
        #expect(try await count("file_pieces", in: pool) == 4)
        try await age(pool)
        try await FileStore(pool: pool).put(
            [3], at: Int64(FileStore.pieceBytes),
            of: .init(name: "3", hash: Self.hash(3), bytes: Int64(FileStore.pieceBytes) + 1))
        #expect(try await jobs.removeForgotten(olderThan: day) == 0)
        try await age(pool)
        #expect(try await jobs.removeForgotten(olderThan: day) == 1)
        let piece = try await FileStore(pool: pool).piece(of: "1.png", job: job.id.rawValue, at: 0)
        #expect(piece?.body.count == FileStore.pieceBytes && piece?.size == used.bytes)
    }

    @Test func `more of them than one statement takes go at once`() async throws {
        let pool = try await Self.database.value
        for number in 100..<140 {
            let file = StoredFile(name: "f", hash: Self.hash(UInt8(number)), bytes: 1)
            try await FileStore(pool: pool).put([1], at: 0, of: file)
        }
        try await age(pool)
        #expect(try await JobStore(pool: pool).removeForgotten(olderThan: day) >= 40)
        #expect(
            try await pool.run(Statement("select 1 from files where hash >= '\\x64' and hash < '\\x8d'")).isEmpty)
    }

    @Test func `seed data that no job names goes after a day, with its pieces`() async throws {
        let pool = try await Self.database.value
        let seeds = SeedStore(pool: pool)
        var stored: [StoredSeed] = []
        for number in UInt8(201)...203 {
            let blob = Self.hash(number)
            try await seeds.put([(blob, [number])])
            let seed = StoredSeed(hash: Self.hash(number), columns: ["a"], rows: 1, bytes: 1)
            try await seeds.create(seed, pieces: [StoredSeedPiece(firstRow: 0, rows: 1, hash: blob)])
            stored.append(seed)
        }
        _ = try await job(pool, seed: stored[0])
        try await age(pool)
        // The same data, submitted again.
        try await seeds.create(stored[1], pieces: [StoredSeedPiece(firstRow: 0, rows: 1, hash: Self.hash(202))])
        #expect(try await JobStore(pool: pool).removeForgotten(olderThan: day) == 1)
        #expect(try await seeds.known([201, 202, 203].map { Self.hash($0) }) == [Self.hash(201), Self.hash(202)])
        #expect(try await count("removals", in: pool) == 0)
    }
}
