import Foundation
import JSON
import TestSupport
import Testing

/// What the commands for one job say of it: no coordinator runs.
@Suite(.serialized) struct JobCommandTests {
    private static let workflow = """
        model_configs: [{alias: w, model: m, provider: p}]
        columns:
          - {name: a, column_type: sampler, sampler_type: uuid, params: {}}
          - {name: b, column_type: llm-text, model_alias: w, prompt: "{{ a }}"}
        """

    /// A job called `ep` that runs since a minute: 60 records are complete, 2 dropped.
    private func running(_ arguments: [String] = []) async throws -> StoredRows {
        let rows = try await StoredRows.make()
        let submitted = try submit(to: rows, ["--name", "ep"] + arguments)
        #expect(submitted.exit == 0, "\(submitted.talk)")
        try await rows.sql("update jobs set state = 'running', started_at = now() - interval '1 minute'")
        try await rows.sql(
            "insert into events (job, event, at) select number, 'running', now() - interval '1 minute' from jobs")
        try await rows.sql(
            """
            insert into row_groups (job, ordinal, first_record, records, completed, dropped)
            select number, 0, 0, 200, 60, 2 from jobs
            """)
        try await rows.sql(
            """
            insert into records (storage, job, record, state, dropped_column, dropped_kind)
            select storage, number, r, 'dropped', 1, case r when 7 then 'bad_request' else 'sampling' end
            from jobs, (values (7), (9)) as d (r)
            """)
        return rows
    }

    private func submit(to rows: StoredRows, _ arguments: [String]) throws -> CommandRun {
        let file = try TemporaryFile(Self.workflow, "w.yaml")
        return try rows.run(["submit", file.path, "-n", "200"] + arguments)
    }

    private func status(_ rows: StoredRows) throws -> (lines: String, json: JSONValue) {
        let json = try JSONValue(parsing: try rows.run(["status", "ep", "-o", "json"]).output)
        let violation = try OutputSchema.violation(of: json, "job.v1")
        #expect(violation == nil, "\(violation ?? "")")
        return (try rows.run(["status", "ep"]).output, json)
    }

    @Test func `status tells how long a job that runs has still to go, and what binds it`() async throws {
        let rows = try await running([
            "--priority", "7", "--deadline", "2h", "--max-tokens-total", "5000", "--max-parallel", "w=3",
        ])
        let (lines, json) = try status(rows)
        #expect(json["eta_seconds"]?.intValue ?? 0 > 100 && lines.contains("left       about 2 min"))
        #expect(json["stopping"] == false && json["priority"] == 7 && json["max_parallel"] == ["w": 3])
        #expect(json["max_tokens_total"] == 5000 && (7000...7200).contains(json["deadline_seconds"]?.intValue ?? 0))
        for line in ["priority   7", "deadline   in 1 h 59 min", "budget     0 of 5,000 tokens", "caps       w=3"] {
            #expect(lines.contains(line), "\(lines)")
        }
        #expect(lines.contains("elapsed    1 min"))
    }

    @Test(arguments: ["paused", "waiting"])
    func `a job that does not run has no end in sight`(state: String) async throws {
        let rows = try await running()
        try await rows.sql("update jobs set state = '\(state)', reason = 'budget: used up'")
        let (lines, json) = try status(rows)
        #expect(json["eta_seconds"] == nil && !lines.contains("left  "))
    }

    @Test func `a job that is being cancelled says so, and no end is foretold`() async throws {
        let rows = try await running()
        try await rows.sql("update jobs set stopping = true")
        try await rows.sql("insert into events (job, event, detail) select number, 'cancelling', 'calls end' from jobs")
        let (lines, json) = try status(rows)
        #expect(lines.contains("ep  cancelling for 0 s: calls end") && !lines.contains("left  "))
        #expect(json["state"] == "running" && json["stopping"] == true && json["reason"] == "cancelling: calls end")
        #expect(json["eta_seconds"] == nil)
        #expect(try rows.run(["list"]).output.contains("cancelling"))
        let list = try JSONValue(parsing: try rows.run(["list", "-o", "json"]).output)
        #expect(try OutputSchema.violation(of: list, "job-summary.v1") == nil)
    }

    @Test func `wait says how a job ended where it is not complete`() async throws {
        let rows = try await running()
        for (state, exit, text) in [
            ("completed", 2, "2 of 200 records were dropped; why: coordinator failures ep"),
            ("paused", 75, "job ep is paused: budget: used up"),
            ("cancelled", 3, "job ep is cancelled: budget: used up; what was complete: coordinator export ep"),
        ] as [(String, Int32, String)] {
            try await rows.sql("update jobs set state = '\(state)', reason = 'budget: used up'")
            let run = try rows.run(["wait", "ep"])
            #expect(run.exit == exit && run.talk.contains(text), "\(run.talk)")
            #expect(run.talk.split(separator: "\n").count == 1)
        }
    }

    @Test func `events go on to be followed when the database was away`() async throws {
        let rows = try await running()
        let following = Task.detached { try rows.run(["events", "ep", "--follow"]) }
        let clients = "from pg_stat_activity where application_name = 'tessera client' and datname = current_database()"
        try await eventually("the client looks") {
            try await rows.pool.run(.init("select count(*) \(clients)"))[0].int64(0) > 0
        }
        try await eventually("the client has read events") {
            try await rows.pool.run(
                .init("select count(*) \(clients) and query ilike '%from events%' or query = 'commit'"))[0].int64(0) > 0
        }
        try await rows.sql("select pg_terminate_backend(pid) \(clients)")
        try await rows.sql("update jobs set state = 'completed'")
        try await rows.sql("insert into events (job, event) select number, 'completed' from jobs")
        let run = try await following.value
        #expect(run.exit == 0, "\(run.talk)")
        #expect(run.output.split(separator: "\n").count == 3)
    }

    @Test func `a submission that goes on with no job says why, and what it is called`() async throws {
        let rows = try await running(["--seed", "1"])
        let other = try submit(to: rows, ["--name", "ep", "--resume", "if_possible", "--seed", "2"])
        #expect(other.exit == 0)
        #expect(other.talk.contains("job ep is not resumed: this submission has another --seed; the new job is called ep-"))
        let same = try submit(to: rows, ["--name", "ep", "--resume", "if_possible", "--seed", "1"])
        #expect(!same.talk.contains("not resumed"))
    }

    @Test func `a job that is not there is told with the name that was meant`() async throws {
        let rows = try await running()
        let run = try rows.run(["status", "eep"])
        #expect(run.exit == 4 && run.talk.contains("there is no job eep. Did you mean ep?"), "\(run.talk)")
        #expect(run.talk.contains("coordinator list"))
    }

    @Test func `caps of models that the workflow lacks are wrong usage`() async throws {
        let rows = try await running()
        #expect(try rows.run(["set", "ep", "--max-parallel", "foo=2"]).exit == 64)
        #expect(try submit(to: rows, ["--max-parallel", "foo=2"]).exit == 64)
    }
}
