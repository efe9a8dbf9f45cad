import Foundation
import JSON
import TestSupport
import Testing

/// What `export` says of what it leaves out, and of what it keeps with nulls.
@Suite(.serialized) struct ExportTests {
    /// Ten records are finished, one with a null; `open` more are complete in a row group that is not.
    private func job(_ name: String, open: Int) async throws -> StoredRows {
        let rows = try await StoredRows.make()
        let file = try StoredRows.workflow()
        let settings = try TemporaryFile("buffer_size: 10", "run.yaml")
        let submitted = try rows.run(
            ["submit", file.path, "-n", "20", "--name", name, "--keep-failed", "--run-config", settings.path])
        #expect(submitted.exit == 0, "\(submitted.talk)")
        try await rows.sql("update jobs set state = 'paused', reason = 'deadline'")
        try await rows.sql(
            """
            insert into row_groups (job, ordinal, first_record, records, state, completed, completed_with_nulls)
            select number, 0, 0, 10, 'finished', 10, 1 from jobs
            union all select number, 1, 10, 10, 'active', \(open), \(min(1, open)) from jobs
            """)
        try await rows.sql(
            """
            insert into records (storage, job, record, state, fields)
            select storage, number, r, 'complete', '{"a":"x"}' from jobs, generate_series(0, 9) as r
            """)
        try await rows.sql(
            """
            insert into cells (storage, job, record, column_number, value, is_json, attempt, worker, input_tokens,
                output_tokens, call_milliseconds, finish_reason)
            select storage, number, r, 1, case r when 3 then 'null' else 'text' end, r = 3, 1, 'w1', 1, 1, 1,
                case r when 3 then 'tessera_failed' else 'stop' end from jobs, generate_series(0, 12) as r
            """)
        // Record 4 has its value after all; 12 is in no finished row group.
        try await rows.sql(
            """
            insert into failures (job, record, column_number, attempt, kind, message, http_status, finish_reason, worker)
            select number, r, 1, a, 'timeout', 'attempt ' || a, 0, '', 'w1' from jobs, (values (3, 1), (3, 2), (4, 1),
                (12, 1)) as f (r, a)
            """)
        return rows
    }

    private func export(_ rows: StoredRows, _ job: String) throws -> (talk: [Substring], failures: String) {
        let place = try TemporaryFile("", "nothing")
        let folder = place.path + "-export"
        let run = try rows.run(["export", job, "--to", folder])
        #expect(run.exit == 0, "\(run.talk)")
        return (
            run.talk.split(separator: "\n"), try String(contentsOfFile: folder + "/failures.jsonl", encoding: .utf8)
        )
    }

    @Test func `what is complete in unfinished row groups is told, and when it can be had`() async throws {
        let (talk, _) = try export(try await job("some", open: 7), "some")
        #expect(
            talk == [
                "10 records in 1 file; 1 with nulls for what failed, see failures.jsonl",
                "7 completed records are in row groups that are not finished: they can be exported when the row group "
                    + "ends (resume the job)",
            ])
    }

    @Test func `the last failure of each null that was kept is in failures_jsonl`() async throws {
        let (talk, failures) = try export(try await job("none", open: 0), "none")
        #expect(talk.count == 1, "nothing is left out")
        let lines = try failures.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
        #expect(
            lines == [
                [
                    "record": 3, "column": "b", "kind": "timeout", "attempts": 2, "message": "attempt 2",
                    "worker": "w1",
                    "kept": true,
                ]
            ])
    }
}
