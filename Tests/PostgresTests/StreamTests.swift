import Postgres
import Testing

@Suite(.timeLimit(.minutes(2)))
struct StreamTests {
    private let many = Statement(
        "select n, repeat('x', 100) || n from generate_series($1, $2) n", [.int8(1), .int8(200_000)])

    @Test func `200,000 rows come in order, in pieces of bounded size`() async throws {
        let connection = try await Database().connected()
        var next: Int64 = 1
        var largest = 0
        var pieces = 0
        try await connection.stream(many, chunkBytes: 256 << 10) { rows in
            for row in rows {
                if try row.int64(0) != next { Issue.record("row \(next) is missing") }
                next += 1
            }
            largest = max(largest, rows.memoryBytes)
            pieces += 1
        }
        #expect(next == 200_001)
        #expect(largest <= 512 << 10)
        #expect(pieces > 20)
    }

    @Test func `wide rows make small pieces`() async throws {
        let connection = try await Database().connected()
        var sizes: [Int] = []
        try await connection.stream(
            Statement("select repeat('x', 100000) from generate_series(1, 400)"), chunkBytes: 1 << 20
        ) { sizes.append($0.count) }
        #expect(sizes.reduce(0, +) == 400)
        // The first piece is small for want of knowledge.
        #expect(sizes.dropFirst().allSatisfy { $0 <= 11 }, "\(sizes)")
    }

    @Test func `nothing to read is no piece`() async throws {
        let connection = try await Database().connected()
        try await connection.stream(Statement("select 1 where false")) { _ in Issue.record("a piece of nothing") }
    }

    @Test func `a reader that throws ends the reading, and the connection goes on`() async throws {
        let connection = try await Database().connected()
        struct Enough: Error {}
        await #expect(throws: Enough.self) {
            try await connection.stream(many, chunkBytes: 1 << 16) { _ in throw Enough() }
        }
        #expect(try await connection.run(Statement("select count(*) from pg_cursors where name <> ''"))[0].int(0) == 0)
    }

    @Test func `an error of the query is thrown, and the connection goes on`() async throws {
        let connection = try await Database().connected()
        var seen = 0
        let error = await failure {
            try await connection.stream(
                Statement("select 1 / (5000 - n) from generate_series(1, 10000) n"), chunkBytes: 1 << 14
            ) { seen += $0.count }
        }
        #expect(error.sqlState == SQLState("22012"))
        #expect(seen > 0 && seen < 5000)
        #expect(await failure { try await connection.stream(Statement("bad")) { _ in } }.sqlState == .syntaxError)
        try await connection.run(Statement("select 1"))
    }

    @Test func `a pool serves others while it streams, and two streams side by side`() async throws {
        let pool = try await Database().pool(size: 3)
        let many = many
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    var count = 0
                    try await pool.stream(many) { rows in
                        count += rows.count
                        try await pool.run(Statement("select 1"))
                    }
                    return count
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts == [200_000, 200_000])
        await pool.close()
    }
}
