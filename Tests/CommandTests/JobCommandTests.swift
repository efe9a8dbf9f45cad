import Foundation
import JSON
import Postgres
import TestSupport
import Testing

/// What the commands for one job say of it: no coordinator runs.
@Suite(.serialized) struct JobCommandTests {
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
        let file = try StoredRows.workflow()
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
        for line in ["priority   7", "deadline   in ", "budget     0 of 5,000 tokens", "caps       w=3"] {
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

    private static let clients =
        "from pg_stat_activity where application_name = 'tessera client' and datname = current_database()"

    private func untilClient(of rows: StoredRows, asked text: String) async throws {
        try await eventually("a client has asked: \(text)") {
            try await rows.pool.run(
                Statement("select count(*) \(Self.clients) and query ilike '%\(text)%'"))[0].int64(0) > 0
        }
    }

    private func endSessions(of rows: StoredRows, thatAsked text: String) async throws {
        try await untilClient(of: rows, asked: text)
        try await rows.sql("select pg_terminate_backend(pid) \(Self.clients)")
    }

    @Test func `a wish goes on to wait for its answer when the database was away`() async throws {
        let rows = try await running()
        let wishing = Task.detached { try rows.run(["pause", "ep"]) }
        try await eventually("the wish is stored") {
            try await rows.pool.run(Statement("select count(*) from commands"))[0].int64(0) == 1
        }
        // Nobody gets through for a second, not at a second try either.
        try await rows.sql(
            """
            do $$ begin
                for _ in 1..200 loop
                    perform pg_terminate_backend(pid) \(Self.clients);
                    perform pg_stat_clear_snapshot(), pg_sleep(0.005);
                end loop;
            end $$
            """)
        try await rows.sql("update commands set answer = 'it pauses', refused = false, done_at = now()")
        let run = try await wishing.value
        #expect(run.exit == 0 && run.talk.contains("it pauses"), "\(run.talk)")
    }

    @Test func `wait and watch of a job that is deleted meanwhile end with 4`() async throws {
        for command in ["wait", "watch"] {
            let rows = try await running()
            let waiting = Task.detached { try rows.run([command, "ep"]) }
            try await untilClient(of: rows, asked: "state")
            try await rows.sql("truncate jobs cascade")
            let run = try await waiting.value
            #expect(run.exit == 4 && run.talk.contains("was deleted"), "\(run.talk)")
        }
    }

    @Test func `events go on to be followed when the database was away`() async throws {
        let rows = try await running()
        let following = Task.detached { try rows.run(["events", "ep", "--follow"]) }
        try await endSessions(of: rows, thatAsked: "from events")
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
        #expect(
            other.talk.contains("job ep is not resumed: this submission has another --seed; the new job is called ep-"))
        let same = try submit(to: rows, ["--name", "ep", "--resume", "if_possible", "--seed", "1"])
        #expect(!same.talk.contains("not resumed"))
    }

    @Test func `a job that is not there is told with the name that was meant`() async throws {
        let rows = try await running()
        let run = try rows.run(["status", "eep"])
        #expect(run.exit == 4 && run.talk.contains("there is no job eep. Did you mean ep?"), "\(run.talk)")
        #expect(run.talk.contains("coordinator list"))
    }

    @Test func `a retry that chooses nothing is refused, and says what there is`() async throws {
        let rows = try await running()
        func expect(_ arguments: [String], _ exit: Int32, _ text: String) throws {
            let run = try rows.run(["retry", "ep", "--timeout", "0s"] + arguments)
            #expect(run.exit == exit && run.talk.contains(text), "\(run.talk)")
        }
        try expect(["--reason", "bad_reqest"], 5, "dropped for bad_reqest. Did you mean bad_request?")
        try expect(["--reason", "timeout"], 5, "bad_request: 1 record")
        try expect(["--record", "5000"], 5, "has no record 5000: they are numbered from 0 to 199")
        try expect(["--record", "-1"], 64, "--record -1: a job's records are numbered from 0 on")
        try expect(["--record", "8", "--record", "7"], 5, "not dropped in job ep: record 8")
        try expect(["--record", "9"], 5, "no dropped record of job ep is chosen")
        // Nobody is there to carry it out.
        try expect(["--reason", "bad_request", "--record", "7"], 124, "the wish is stored")
        try await rows.sql("delete from records")
        try expect([], 5, "no record of job ep is dropped")
    }

    @Test func `durations have a unit, and are neither nothing nor for ever`() async throws {
        let rows = try await running()
        for (deadline, text) in [
            ("5", "--deadline 5 has no unit"), ("0s", "it would have passed already"), ("4000d", "more than ten years"),
            ("-5m", "is not a duration"),
        ] {
            let run = try rows.run(["set", "ep", "--deadline", deadline])
            #expect(run.exit == 64 && run.talk.contains(text), "\(run.talk)")
        }
        #expect(try rows.run(["wait", "ep", "--timeout", "1"]).exit == 64)
        #expect(try rows.run(["set", "ep", "--priority", "-1"]).talk.contains("from 0 to 9"))
    }

    @Test func `a job that is not there cannot be deleted, with or without --yes`() async throws {
        let rows = try await running()
        #expect(try rows.run(["delete", "nope"]).exit == 4)
        let kept = try rows.run(["delete", "ep"])
        #expect(kept.exit == 64 && kept.talk.contains("Add --yes"), "\(kept.talk)")
    }

    @Test func `caps of models that the workflow lacks are wrong usage`() async throws {
        let rows = try await running()
        #expect(try rows.run(["set", "ep", "--max-parallel", "foo=2"]).exit == 64)
        #expect(try submit(to: rows, ["--max-parallel", "foo=2"]).exit == 64)
    }
}
