import Postgres
import Testing

@Suite(.timeLimit(.minutes(2)))
struct TypeTests {
    @Test func `every parameter type comes back as it was sent`() async throws {
        let connection = try await Database().connected()
        let now = PostgresTimestamp(microseconds: 1_795_269_600_123_456)
        let long = String(repeating: "grün ", count: 40_000)
        let rows = try await connection.run(
            Statement(
                """
                select $1::bool b, $2::int2 i2, $3::int4 i4, $4::int8 i8, $5::float8 f8, $6::text t, $7::bytea y,
                    $8::timestamptz ts, $9::bool[] ba, $10::int2[] i2a, $11::int4[] i4a, $12::int8[] i8a,
                    $13::float8[] f8a, $14::text[] ta, $15::bytea[] ya, $16::int4[] n4a, $17::int8[] n8a,
                    $18::float8[] nfa, $19::timestamptz[] nta, $20::text nothing
                """,
                [
                    .bool(true), .int2(.min), .int4(.min), .int8(.min), .float8(-0.1), .text(long),
                    .bytes(Array(0...255)), .timestamp(now), .boolArray([true, false]), .int2Array([.max, -1]),
                    .int4Array([.max, -1]), .int8Array([.max, -1]), .float8Array([.infinity, 0.5]),
                    .textArray(["a", nil, "", "é漢🙂", "{\"quoted\",\\}"]), .bytesArray([[0, 255], nil, []]),
                    .nullableInt4Array([1, nil]), .nullableInt8Array([nil, 2]), .nullableFloat8Array([nil, 2.5]),
                    .nullableTimestampArray([now, nil]), .null,
                ]))
        let row = rows[0]
        #expect(try row.bool("b"))
        #expect(try row.int16("i2") == .min)
        #expect(try row.int32("i4") == .min)
        #expect(try row.int64("i8") == .min)
        #expect(try row.double("f8") == -0.1)
        #expect(try row.text("t") == long)
        #expect(try row.bytes("y") == Array(0...255))
        #expect(try row.timestamp("ts") == now)
        #expect(try row.boolArray("ba") == [true, false])
        #expect(try row.int2Array("i2a") == [.max, -1])
        #expect(try row.int4Array("i4a") == [.max, -1])
        #expect(try row.int8Array("i8a") == [.max, -1])
        #expect(try row.float8Array("f8a") == [.infinity, 0.5])
        #expect(try row.textArray("ta") == ["a", nil, "", "é漢🙂", "{\"quoted\",\\}"])
        #expect(try row.bytesArray("ya") == [[0, 255], nil, []])
        #expect(try row.nullableInt4Array("n4a") == [1, nil])
        #expect(try row.nullableInt8Array("n8a") == [nil, 2])
        #expect(try row.nullableFloat8Array("nfa") == [nil, 2.5])
        #expect(try row.nullableTimestampArray("nta") == [now, nil])
        #expect(try row.optionalText("nothing") == nil)
        #expect(try row.isNull("nothing"))
        #expect(rows.columnNames.count == 20)
    }

    @Test func `empty arrays, empty text and empty bytes are not NULL`() async throws {
        let connection = try await Database().connected()
        let row = try await connection.run(
            Statement(
                "select $1::int8[] a, $2::text[] t, $3::text e, $4::bytea y, $5::text",
                [.int8Array([]), .textArray([]), .text(""), .bytes([]), .null]))[0]
        #expect(try row.int8Array(0) == [])
        #expect(try row.textArray(1) == [])
        #expect(try row.optionalText(2) == "")
        #expect(try row.optionalBytes(3) == [])
        #expect(try row.isNull(4))
    }

    @Test func `the server's other text types are read as text, and narrower numbers are widened`() async throws {
        let connection = try await Database().connected()
        let row = try await connection.run(
            Statement(
                """
                select '{"a": 1}'::jsonb j, '[1]'::json, 'n'::name, 'v'::varchar, 'c'::char(2),
                    'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid, 2::int2, 4::int4, 1.5::float4, array[1,2]::int2[],
                    count(*), 'infinity'::timestamptz
                """))[0]
        let texts = try (0..<6).map { try row.text($0) }
        #expect(
            texts == ["{\"a\": 1}", "[1]", "n", "v", "c ", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"])
        #expect(try row.int(6) == 2)
        #expect(try row.int64(7) == 4)
        #expect(try row.double(8) == 1.5)
        #expect(try row.int8Array(9) == [1, 2])
        #expect(try row.int("count") == 1)
        #expect(try row.timestamp(11).microseconds == .max)
    }

    @Test func `a wrong type, an absent column, a NULL or a NULL element is an error that names the column`()
        async throws
    {
        let connection = try await Database().connected()
        let row = try await connection.run(
            Statement(
                "select 1::int8 as n, null::text as t, array[1, null]::int8[] as a, 1.5 as d, array[[1],[2]] as m"))[0]
        let wrong: [(String, () throws -> Void)] = [
            ("\"n\" is int8", { _ = try row.int32("n") }),
            ("\"n\" is int8", { _ = try row.text(0) }),
            ("no column 9", { _ = try row.text(9) }),
            ("no column -1", { _ = try row.text(-1) }),
            ("no column N", { _ = try row.int64("N") }),
            ("\"t\" is NULL", { _ = try row.text("t") }),
            ("without NULLs", { _ = try row.int8Array("a") }),
            ("\"d\" is numeric", { _ = try row.double("d") }),
            ("\"m\" (int4[])", { _ = try row.int4Array("m") }),
        ]
        for (words, read) in wrong {
            let error = #expect(throws: PostgresError.self) { try read() }
            #expect(error?.code == .invalidColumn)
            #expect(error?.message.contains(words) == true, "\(error.map(\.message) ?? "") has no \(words)")
        }
    }

    @Test func `rows stay readable after their connection is closed`() async throws {
        let connection = try await Database().connected()
        let rows = try await connection.run(Statement("select n, 'x' || n t from generate_series(1, 1000) n"))
        await connection.close()
        #expect(rows.count == 1000)
        #expect(try rows.reduce(0) { try $0 + $1.int(0) } == 500_500)
        #expect(try rows.last?.text("t") == "x1000")
    }

    @Test func `a session speaks UTC and UTF-8 whatever the environment says`() async throws {
        let connection = try await Database().connected()
        let row = try await connection.run(
            Statement(
                """
                select current_setting('TimeZone'), current_setting('client_encoding'),
                    current_setting('idle_in_transaction_session_timeout'), current_setting('application_name'),
                    current_setting('client_min_messages')
                """))[0]
        #expect(try (0..<5).map { try row.text($0) } == ["UTC", "UTF8", "5s", "tests", "warning"])
    }
}
