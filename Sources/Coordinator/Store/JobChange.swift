import Postgres
package import Scheduling

/// What a wish changes of a job, as a part of its owner's fenced transaction.
package enum JobChange: Sendable {
    /// What is nil stays.
    case set(JobNumber, priority: Int?, maximumParallel: String?, deadline: Duration?, maximumTokens: Int64?)
    /// Dropped records become pending: those of these kinds, and of these records; empty lists choose all. Row groups
    /// that had ended are open again, to be taken in hand when there is room. An ended job runs again. Their attempts
    /// so far count no more. The wish is answered with how many they are.
    case retry(Job, kinds: [String], records: [Int64], wish: Int64)
    /// More records; the first ones keep their row groups.
    case extend(JobNumber, to: Int64)
    /// Everything of a small job. The cells and records of a large one, and files that no other uses, go by
    /// `JobStore.removeUnused`.
    case delete(Job)

    /// It may be about every record of a large job.
    package var isLong: Bool {
        switch self {
        case .retry, .delete: true
        case .set, .extend: false
        }
    }

    var statements: [Statement] {
        switch self {
        case .set(let job, let priority, let parallel, let deadline, let tokens):
            [
                Statement(
                    """
                    update jobs set priority = coalesce($2, priority), max_parallel = coalesce($3, max_parallel),
                        deadline_at = coalesce(now() + $4 * interval '1 second', deadline_at),
                        max_tokens = coalesce($5, max_tokens)
                    where number = $1
                    """,
                    [
                        .int8(job.rawValue), priority.map { .int2(Int16(clamping: $0)) } ?? .null, .optional(parallel),
                        .optional(deadline.map { $0 / .seconds(1) }), .optional(tokens),
                    ]),
                Self.event(job, "set", Self.told(priority, parallel, deadline, tokens)), Self.notify(job),
            ]
        case .retry(let job, let kinds, let records, let wish): Self.retry(job, kinds, records, wish)
        case .extend(let job, let requested):
            [
                Statement(
                    """
                    update jobs set former_ends = former_ends || requested, requested = $2, ended_at = null,
                        state = case when state = 'completed' then 'running' else state end
                    where number = $1 and requested < $2
                    """, [.int8(job.rawValue), .int8(requested)]),
                Self.event(job, "extended", "to \(requested) records"), Self.notify(job),
            ]
        case .delete(let job): Self.delete(job)
        }
    }

    private static func retry(_ job: Job, _ kinds: [String], _ records: [Int64], _ wish: Int64) -> [Statement] {
        let number: Parameter = .int8(job.number.rawValue)
        return [
            Statement(
                """
                with chosen as (
                    delete from records where storage = $1 and job = $2 and state = 'dropped'
                        and dropped_kind is distinct from 'sampling'
                        and (cardinality($3::text[]) = 0 or dropped_kind = any($3))
                        and (cardinality($4::bigint[]) = 0 or record = any($4))
                    returning record
                ), forgiven as (
                    update failures set forgiven = true where job = $2 and record in (select record from chosen)
                ), spared as (
                    update dispatches set entry = 'ended' where ctid in (
                        select d.ctid from dispatches d, unnest(d.records) as r
                        where d.job = $2 and d.entry = 'died' and r in (select record from chosen))
                ), told as (
                    insert into events (job, event, detail)
                    select $2, 'retried', count(*) || ' records' from chosen having count(*) > 0
                ), answered as (
                    update commands set answer = (
                        select case count(*) when 0 then 'no dropped record is chosen by this'
                            else count(*) || ' dropped records are tried again' || coalesce((
                                select '; it is paused: coordinator resume ' || left(id, 10) from jobs
                                where number = $2 and state = 'paused'), '') end from chosen)
                    where id = $5
                ), bounds as (
                    select array_agg(first_record order by ordinal) as firsts, array_agg(ordinal order by ordinal) as ordinals
                    from row_groups where job = $2
                ), by_group as (
                    select b.ordinals[width_bucket(c.record, b.firsts)] as ordinal, count(*) as dropped
                    from chosen c, bounds b group by 1
                )
                update row_groups g set state = case g.state when 'finished' then 'reopened' else g.state end,
                    finished_at = null, dropped = g.dropped - b.dropped
                from by_group b where g.job = $2 and g.ordinal = b.ordinal
                """, [.int4(job.storage), number, .textArray(kinds), .int8Array(records), .int8(wish)]),
            Statement(
                """
                update jobs set state = 'running', ended_at = null, reason = '' where number = $1
                    and state = 'completed'
                    and exists (select 1 from row_groups where job = $1 and state <> 'finished')
                """, [number]),
            notify(job.number),
        ]
    }

    private static func delete(_ job: Job) -> [Statement] {
        let number: Parameter = .int8(job.number.rawValue)
        var list = [Statement("delete from dispatches where job = $1", [number])]
        if job.storage == 0 {
            list.append(Statement("delete from cells where storage = 0 and job = $1", [number]))
            list.append(Statement("delete from records where storage = 0 and job = $1", [number]))
        } else {
            list.append(
                Statement(
                    "insert into removals values ('storage', int4send($1)) on conflict do nothing",
                    [.int4(job.storage)]))
        }
        list.append(
            Statement(
                """
                insert into removals select distinct 'file', hash from job_files where job = $1
                union select 'seed', seed_data from jobs where number = $1 and seed_data is not null
                on conflict do nothing
                """, [number]))
        // Its columns, row groups, failures, usage, events and wishes go with it.
        list.append(Statement("delete from jobs where number = $1", [number]))
        list.append(notify(job.number))
        return list
    }

    private static func told(
        _ priority: Int?, _ parallel: String?, _ deadline: Duration?, _ tokens: Int64?
    ) -> String {
        var parts: [String] = []
        if let priority { parts.append("priority \(priority)") }
        if let parallel { parts.append("max_parallel \(parallel)") }
        if let deadline { parts.append("deadline in \(Int64(deadline / .seconds(1))) s") }
        if let tokens { parts.append("max_tokens_total \(tokens)") }
        return parts.joined(separator: ", ")
    }

    private static func event(_ job: JobNumber, _ event: String, _ detail: String) -> Statement {
        Statement(
            "insert into events (job, event, detail) values ($1, $2, $3)",
            [.int8(job.rawValue), .text(event), .text(detail)])
    }

    private static func notify(_ job: JobNumber) -> Statement {
        Statement("select pg_notify('tessera_jobs', $1)", [.text(String(job.rawValue))])
    }
}
