import Postgres
import Testing

@Suite(.timeLimit(.minutes(2)))
struct TransactionTests {
    private func table(_ connection: PostgresConnection) async throws {
        try await connection.execute(script: "create table cells (id int8 primary key, value text)")
    }

    private func insert(_ id: Int64) -> Statement {
        Statement("insert into cells values ($1, $2)", [.int8(id), .text("value \(id)")])
    }

    private let count = Statement("select count(*) from cells")

    @Test func `an error in the middle rolls everything back, names the culprit, and the connection goes on`()
        async throws
    {
        let connection = try await Database().connected()
        try await table(connection)
        let error = await failure {
            try await connection.transact([insert(1), insert(2), insert(1), insert(3)])
        }
        #expect(error.code == .statementFailed)
        #expect(error.sqlState == .uniqueViolation)
        #expect(error.sqlState?.errorClass == "23")
        #expect(error.statementIndex == 2)
        #expect(error.constraint == "cells_pkey")
        #expect(error.table == "cells")
        #expect(error.detail?.contains("(1)") == true)
        #expect(!error.isRetryable && !error.outcomeUnknown)
        let results = try await connection.transact([insert(7), count])
        #expect(results[0].affectedCount == 1)
        #expect(try results[1][0].int(0) == 1)
    }

    @Test func `bad SQL of a first use is reported for its statement and does no lasting harm`() async throws {
        let connection = try await Database().connected()
        try await table(connection)
        for _ in 0..<2 {
            let error = await failure { try await connection.transact([insert(1), Statement("selekt 1"), insert(2)]) }
            #expect(error.sqlState == .syntaxError)
            #expect(error.statementIndex == 1)
        }
        #expect(try await connection.run(count)[0].int(0) == 0)
        try await connection.transact([insert(1), insert(2)])
        #expect(try await connection.run(count)[0].int(0) == 2)
    }

    @Test func `a constraint checked at the commit fails the whole transaction`() async throws {
        let connection = try await Database().connected()
        try await connection.execute(
            script: "create table d (a int primary key, b int references d deferrable initially deferred)")
        let error = await failure {
            try await connection.transact([
                Statement("insert into d values (1, 1)"), Statement("insert into d values (2, 9)"),
            ])
        }
        #expect(error.sqlState == .foreignKeyViolation)
        #expect(error.statementIndex == nil)
        #expect(!error.outcomeUnknown)
        #expect(try await connection.run(Statement("select count(*) from d"))[0].int(0) == 0)
    }

    @Test func `64 concurrent transactions on one connection each get their own answer`() async throws {
        let connection = try await Database().connected()
        try await table(connection)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in 0..<64 as Range<Int64> {
                group.addTask {
                    if id % 8 == 0 {
                        let error = await failure {
                            try await connection.transact([insert(id), Statement("select 1 / $1", [.int4(0)])])
                        }
                        #expect(error.sqlState == SQLState("22012"))
                        #expect(error.statementIndex == 1)
                    } else {
                        let results = try await connection.transact([
                            insert(id), Statement("select value from cells where id = $1", [.int8(id)]),
                        ])
                        #expect(try results[1][0].text(0) == "value \(id)")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await connection.run(count)[0].int(0) == 56)
    }

    @Test func `unnest of 500 rows with ON CONFLICT DO NOTHING says how many were new`() async throws {
        let connection = try await Database().connected()
        try await table(connection)
        func batch(_ ids: Range<Int64>) -> Statement {
            Statement(
                "insert into cells select * from unnest($1, $2) on conflict do nothing",
                [.int8Array(Array(ids)), .textArray(ids.map { $0 % 10 == 0 ? nil : "v\($0)" })])
        }
        #expect(try await connection.run(batch(0..<500)).affectedCount == 500)
        #expect(try await connection.run(batch(400..<900)).affectedCount == 400)
        #expect(try await connection.run(batch(0..<500)).affectedCount == 0)
        let row = try await connection.run(Statement("select count(*), count(value) from cells"))[0]
        #expect(try row.int(0) == 900)
        #expect(try row.int(1) == 810)
    }

    @Test func `a transaction of several round trips commits or rolls back, and others wait`() async throws {
        let connection = try await Database().connected()
        try await table(connection)
        let insert = insert
        let count = count
        try await connection.run(insert(50))
        let (seen, third) = try await connection.withTransaction { transaction in
            try await transaction.run(insert(1))
            // Begun while the block is open: it must not become a part of it.
            let third = Task { try await connection.run(count)[0].int(0) }
            try await transaction.run(insert(2))
            return (try await transaction.run(count)[0].int(0), third)
        }
        #expect(seen == 3)
        #expect(try await third.value == 3)
        let error = await failure {
            try await connection.withTransaction { transaction in
                try await transaction.run(insert(3))
                throw PostgresError(.cancelled, "never mind")
            }
        }
        #expect(error.message == "never mind")
        #expect(try await connection.run(count)[0].int(0) == 3)
    }

    @Test func `a block whose statement failed cannot be committed by mistake`() async throws {
        let connection = try await Database().connected()
        try await table(connection)
        let error = await failure {
            try await connection.withTransaction { transaction in
                try await transaction.run(insert(1))
                _ = await failure { try await transaction.run(Statement("select 1/0")) }
            }
        }
        #expect(error.sqlState == .inFailedTransaction)
        #expect(try await connection.run(count)[0].int(0) == 0)
    }

    @Test func `a block that a call leaves open is refused, with the connection`() async throws {
        let connection = try await Database().connected()
        try await table(connection)
        async let second = failure { try await connection.run(insert(2)) }
        let error = await failure { try await connection.transact([Statement("begin"), insert(1)]) }
        #expect(error.code == .unsupported)
        _ = await second
        try await connection.connect()
        #expect(try await connection.run(Statement("select count(*) from cells where id = 1"))[0].int(0) == 0)
        let scriptError = await failure { try await connection.execute(script: "begin; select 1") }
        #expect(scriptError.code == .unsupported)
    }

    @Test func `a script may do what a transaction cannot, and keeps its place among the calls`() async throws {
        let connection = try await Database().connected()
        async let before = connection.run(Statement("select 1 from pg_sleep(0.01)"))
        try await connection.execute(script: "create table a (x int); insert into a values (1); create table b (y int)")
        try await connection.execute(script: "vacuum a")
        _ = try await before
        let error = await failure { try await connection.execute(script: "insert into a values (2); bad sql") }
        #expect(error.sqlState == .syntaxError)
        #expect(try await connection.run(Statement("select count(*) from a"))[0].int(0) == 1)
        try await connection.execute(script: "")
    }

    @Test func `COPY is refused and does not hang`() async throws {
        let connection = try await Database().connected()
        let byScript = await failure { try await connection.execute(script: "copy (select 1) to stdout") }
        #expect(byScript.code == .unsupported)
        try await connection.connect()
        let byStatement = await failure { try await connection.run(Statement("copy (select 1) to stdout")) }
        #expect(byStatement.code == .unsupported)
    }

    @Test func `prepared statements are bounded, reused, and prepared anew after a change of the table`() async throws {
        let connection = try await Database().connected(preparedCapacity: 4)
        try await table(connection)
        for round in 0..<3 {
            for number in 0..<10 {
                let rows = try await connection.run(Statement("select \(number) + $1 as n", [.int4(1)]))
                #expect(try rows[0].int("n") == number + 1, "round \(round)")
            }
        }
        let names = Statement("select name from pg_prepared_statements", isPrepared: false)
        #expect(try await connection.run(names).count == 4)
        for _ in 0..<5 { try await connection.run(Statement("select 9 + $1 as n", [.int4(1)])) }
        #expect(try await connection.run(names).count == 4)

        let all = Statement("select * from cells")
        try await connection.run(all)
        try await connection.execute(script: "alter table cells add column more int")
        let stale = await failure { try await connection.run(all) }
        #expect(stale.sqlState == .featureNotSupported)
        #expect(stale.isRetryable)
        #expect(try await connection.run(all).columnNames == ["id", "value", "more"])

        try await connection.execute(script: "deallocate all")
        #expect(await failure { try await connection.run(all) }.sqlState == .invalidStatementName)
        #expect(try await connection.run(all).isEmpty)
    }

    @Test func `a parameter that is NULL at first gets its type later`() async throws {
        let connection = try await Database().connected()
        try await table(connection)
        let sql = "insert into cells values ($1, $2)"
        try await connection.run(Statement(sql, [.int8(1), .null]))
        try await connection.run(Statement(sql, [.int8(2), .text("two")]))
        try await connection.run(Statement(sql, [.int8(3), .null]))
        let rows = try await connection.run(Statement("select value from cells order by id"))
        #expect(try rows.map { try $0.optionalText(0) } == [nil, "two", nil])
    }

    @Test func `text with a NUL character is refused before anything is sent`() async throws {
        let connection = try await Database().connected()
        try await table(connection)
        let error = await failure {
            try await connection.transact([insert(1), Statement("insert into cells values (2, $1)", [.text("a\0")])])
        }
        #expect(error.code == .invalidParameter)
        #expect(error.statementIndex == 1)
        #expect(try await connection.run(count)[0].int(0) == 0)
    }

    @Test func `a statement that returns nothing and an empty transaction are fine`() async throws {
        let connection = try await Database().connected()
        #expect(try await connection.transact([]).isEmpty)
        #expect(try await connection.run(Statement("")).isEmpty)
        #expect(try await connection.run(Statement("set local work_mem = '1MB'")).isEmpty)
    }
}
