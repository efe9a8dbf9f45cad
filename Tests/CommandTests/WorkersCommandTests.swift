import JSON
import TestSupport
import Testing

/// `workers` and `routes`, of what coordinators wrote down.
@Suite(.serialized) struct WorkersCommandTests {
    private func route(_ model: String, _ key: String) -> JSONValue {
        [
            "provider": "nim", "model": .string(model), "domain": "chat", "limit_key": .string("\(key)|\(model)|chat"),
            "share": 1, "in_flight": 0, "held": 0, "refused": 0, "mean_call_ms": 0, "blocked_by": "",
            "breaker": "closed", "next_probe_seconds": 0.0,
        ]
    }

    private func write(_ worker: String, _ state: String, secondsAgo: Int, to rows: StoredRows) async throws {
        let routes: [JSONValue] =
            state == "drained" ? [] : [route("m", "http://one|ab12"), route("m", "http://two|ab12")]
        let status: JSONValue = [
            "schema": "worker/v1", "worker": .string(worker), "host": "h", "version": "1", "state": .string(state),
            "up_seconds": 9, "concurrency": .null, "in_flight": 0, "held": 0, "refused": 0, "providers": ["nim"],
            "routes": .array(routes),
        ]
        try await rows.sql(
            """
            insert into workers (id, at, status)
            values ('\(worker)', now() - interval '\(secondsAgo) seconds', '\(status.serialized())')
            """)
    }

    @Test func `a drained worker is listed for ten minutes, shown for a day, and drained once`() async throws {
        let rows = try await StoredRows.make()
        try await rows.sql("insert into coordinators (id, expires_at) values ('c', now() + interval '1 hour')")
        try await write("w1", "drained", secondsAgo: 0, to: rows)
        try await write("w2", "serving", secondsAgo: 0, to: rows)
        try await write("w3", "drained", secondsAgo: 590, to: rows)
        try await write("w4", "drained", secondsAgo: 610, to: rows)
        try await write("w5", "serving", secondsAgo: 60, to: rows)
        let listed = try rows.run(["workers", "list", "-o", "json"])
        let value = try JSONValue(parsing: listed.output)
        #expect(try OutputSchema.violation(of: value, "workers.v1") == nil)
        #expect(
            value["workers"]?.arrayValue?.map { [$0["worker"]?.stringValue, $0["state"]?.stringValue] } == [
                ["w1", "drained"], ["w2", "serving"], ["w3", "drained"], ["w5", "silent"],
            ])
        #expect(listed.talk.isEmpty)
        for worker in ["w2", "w4"] {
            let shown = try JSONValue(parsing: try rows.run(["workers", "show", worker, "-o", "json"]).output)
            let violation = try OutputSchema.violation(of: shown, "worker.v1")
            #expect(violation == nil, "\(violation ?? "")")
        }
        let again = try rows.run(["workers", "drain", "w1"])
        #expect(again.exit == 4 && again.talk.contains("no worker w1 lives") && again.talk.contains("These do: w2"))
    }

    @Test func `routes of one name are told apart by their endpoints, else by their keys`() async throws {
        let rows = try await StoredRows.make()
        try await write("w1", "serving", secondsAgo: 0, to: rows)
        let shown = try rows.run(["workers", "show", "w1"])
        let lines = shown.output.split(separator: "\n").suffix(2)
        #expect(lines.first?.contains(" http://one ") == true && lines.last?.contains(" http://two ") == true)
        for key in ["http://one|ab12", "http://one|cd34", "http://a%7Cb|-"] {
            var status = try #require(route("m", key).objectValue)
            status["cap"] = 4
            try await rows.sql(
                """
                insert into route_limits (provider, model, limit_key, at, status)
                values ('nim', 'm', '\(key)|m|chat', now(), '\(JSONValue.object(status).serialized())')
                """)
        }
        let table = try rows.run(["routes"]).output
        for name in [" http://one (key ab12)", " http://one (key cd34)", " http://a|b"] {
            #expect(table.contains(name))
        }
        #expect(!table.contains("(key -)"))
        let value = try JSONValue(parsing: try rows.run(["routes", "-o", "json"]).output)
        #expect(value["routes"]?.arrayValue?.map { $0["endpoint"] } == ["http://a|b", "http://one", "http://one"])
        #expect(value["routes"]?.arrayValue?.map { $0["credential"] } == ["-", "ab12", "cd34"])
    }

    @Test func `where no coordinator runs, each says so`() async throws {
        let rows = try await StoredRows.make()
        try await write("w1", "serving", secondsAgo: 30, to: rows)
        for command in [["workers"], ["workers", "show", "w1"], ["routes"]] {
            let run = try rows.run(command)
            #expect(run.exit == 0 && run.talk.contains("no coordinator is running"), "\(command)")
        }
        let drain = try rows.run(["workers", "drain", "--all"])
        #expect(drain.exit == 4 && drain.talk.contains("no coordinator is running"), "\(drain.talk)")
    }
}
