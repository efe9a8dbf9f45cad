import Testing

@testable import Postgres

struct PreparedStatementsTests {
    @Test func `a statement is prepared at its first use and used by name once the server has said so`() {
        var statements = PreparedStatements()
        #expect(statements.use("a", [.int4], by: 1) == .preparing("tessera_1", [.int4]))
        // Within the same transaction the order is certain, for others not yet.
        #expect(statements.use("a", [.int4], by: 1) == .prepared("tessera_1"))
        #expect(statements.use("a", [.int4], by: 2) == .text)
        statements.confirm("a", "tessera_1")
        #expect(statements.use("a", [.int4], by: 3) == .prepared("tessera_1"))
    }

    @Test func `one that was not prepared after all is prepared again`() {
        var statements = PreparedStatements()
        _ = statements.use("a", [], by: 1)
        statements.fail("a", "tessera_1")
        #expect(statements.use("a", [], by: 2) == .preparing("tessera_2", []))
        // News of the first attempt do not touch the second.
        statements.fail("a", "tessera_1")
        statements.confirm("a", "tessera_2")
        #expect(statements.use("a", [], by: 3) == .prepared("tessera_2"))
        #expect(statements.forgotten.isEmpty)
    }

    @Test func `the least recently used goes when there is no room`() {
        var statements = PreparedStatements(capacity: 2)
        for (id, sql) in ["a", "b"].enumerated() {
            _ = statements.use(sql, [], by: UInt64(id))
            statements.confirm(sql, "tessera_\(id + 1)")
        }
        _ = statements.use("a", [], by: 3)
        #expect(statements.use("c", [], by: 4) == .preparing("tessera_3", []))
        #expect(statements.takeForgotten() == ["tessera_2"])
        #expect(statements.count == 2)
        #expect(statements.use("a", [], by: 5) == .prepared("tessera_1"))
    }

    @Test func `what is just being prepared is not pushed out`() {
        var statements = PreparedStatements(capacity: 1)
        _ = statements.use("a", [], by: 1)
        #expect(statements.use("b", [], by: 2) == .text)
        #expect(statements.takeForgotten().isEmpty)
    }

    @Test func `a NULL fits any type, and other types mean preparing anew`() {
        var statements = PreparedStatements()
        _ = statements.use("a", [.unspecified, .text], by: 1)
        statements.confirm("a", "tessera_1")
        #expect(statements.use("a", [.unspecified, .unspecified], by: 2) == .prepared("tessera_1"))
        // The first parameter shows its type; what is NULL this time keeps the type it had.
        #expect(statements.use("a", [.int8, .unspecified], by: 3) == .preparing("tessera_2", [.int8, .text]))
        #expect(statements.takeForgotten() == ["tessera_1"])
    }

    @Test func `a stale one is forgotten and prepared anew`() {
        var statements = PreparedStatements()
        _ = statements.use("a", [], by: 1)
        statements.confirm("a", "tessera_1")
        statements.invalidate("a", "tessera_1")
        #expect(statements.takeForgotten() == ["tessera_1"])
        #expect(statements.use("a", [], by: 2) == .preparing("tessera_2", []))
    }
}
