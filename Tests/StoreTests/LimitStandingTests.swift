import Logging
import Postgres
import TestSupport
import Testing

@testable import Store

/// How limits stand, for clients.
@Suite(.serialized) struct LimitStandingTests {
    @Test func `the standing of a route that nobody serves any more is gone at once`() async throws {
        let logger = Logger(label: "tests")
        let url = try DatabaseURL(try await TestServices.makeDatabase("limits\(UInt32.random(in: 0 ... .max))"))
        let connection = PostgresConnection(url: url, applicationName: "tests", logger: logger)
        try await connection.connect()
        _ = try await Migrator(connection: connection).migrate(partitions: 1)
        await connection.close()
        let pool = PostgresPool(url: url, size: 1, applicationName: "tests", logger: logger)
        let store = LimitStore(pool: pool)
        func standing(_ model: String, _ key: String) -> LimitStore.Standing {
            LimitStore.Standing(provider: "p", model: model, limitKey: key, status: "{}")
        }
        try await store.record([standing("m", "1"), standing("m", "2"), standing("n", "1")], [])
        try await store.record([standing("n", "1")], [], unserved: [standing("m", "1").place])
        #expect(
            try await store.standings().map(\.standing.place) == [standing("m", "2"), standing("n", "1")].map(\.place))
        await pool.close()
    }
}
