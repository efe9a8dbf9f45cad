import Messages
package import Postgres
import Scheduling

extension TurnWrites {
    /// What the database is given of a turn.
    package struct Transaction: Sendable {
        package let statements: [Statement]
        /// The place of the statement that stores values: it must affect as many rows as there are `values`.
        package let valueInsert: Int?
    }

    /// The fence first, so that a takeover waits for it and a stale owner writes nothing.
    package func transaction(partition: Int, generation: Int64) -> Transaction {
        var valueInsert: Int?
        var list = [Statement("select fence($1, $2)", [.int2(Int16(partition)), .int8(generation)])]
        if !admitted.isEmpty { list.append(admission) }
        if !takenInHand.isEmpty { list.append(activation) }
        if !values.isEmpty {
            valueInsert = list.count
            list.append(self.valueInsert)
        }
        if !blobs.isEmpty { list.append(blobInsert) }
        if !failures.isEmpty { list.append(failureInsert) }
        if !drops.isEmpty { list.append(dropInsert) }
        list += logInserts
        if !counts.isEmpty { list.append(countUpdate) }
        for group in finished { list += finish(group) }
        for job in abandoned { list.append(Self.abandonment(job.job, job.storage)) }
        if !usage.isEmpty { list.append(usageUpdate) }
        if !lateUsage.isEmpty { list.append(lateUsageUpdate) }
        for change in states { list += stateChange(change.job, change.state, change.reason) }
        for event in events {
            list.append(
                Statement(
                    "insert into events (job, event, detail) values ($1, $2, $3)",
                    [.int8(event.job.rawValue), .text(event.event), .text(event.detail)]))
        }
        for job in stopping {
            list.append(Statement("update jobs set stopping = true where number = $1", [.int8(job.rawValue)]))
            // Every coordinator tells workers that ask.
            list.append(Statement("select pg_notify('tessera_jobs', $1)", [.text(String(job.rawValue))]))
        }
        for change in changes { list += change.statements }
        for command in answeredCommands {
            list.append(
                Statement(
                    """
                    update commands set done_at = now(), answer = coalesce(nullif($2, ''), answer), refused = $3
                    where id = $1
                    """,
                    [.int8(command.id), .text(command.answer), .bool(command.isRefused)]))
        }
        list += deadLetters.map(\.insert)
        return Transaction(statements: list, valueInsert: valueInsert)
    }

    private var activation: Statement {
        Statement(
            """
            update row_groups g set state = 'active' from unnest($1::bigint[], $2::integer[]) as t (job, ordinal)
            where g.job = t.job and g.ordinal = t.ordinal and g.state = 'reopened'
            """,
            [
                .int8Array(takenInHand.map(\.job.rawValue)), .int4Array(takenInHand.map { Int32($0.group) }),
            ])
    }

    /// What was complete when a row group ended first has its records; all others are pending.
    private static func abandonment(_ job: JobNumber, _ storage: Int32) -> Statement {
        Statement(
            """
            with open_again as (
                update row_groups set state = 'finished', finished_at = now(), cancelled = records - completed - dropped
                where job = $1 and state = 'reopened' returning first_record, records
            )
            insert into records (storage, job, record, state)
            select $2, $1, r, 'cancelled'
            from open_again g, generate_series(g.first_record, g.first_record + g.records - 1) as r
            on conflict do nothing
            """, [.int8(job.rawValue), .int4(storage)])
    }

    private var admission: Statement {
        Statement(
            """
            insert into row_groups (job, ordinal, first_record, records)
            select * from unnest($1::bigint[], $2::integer[], $3::bigint[], $4::integer[])
            """,
            [
                .int8Array(admitted.map { $0.group.job.rawValue }), .int4Array(admitted.map { Int32($0.group.group) }),
                .int8Array(admitted.map { $0.records.lowerBound }),
                .int4Array(admitted.map { Int32($0.records.count) }),
            ])
    }

    private var blobInsert: Statement {
        Statement(
            "insert into blobs (hash, body) select * from unnest($1::bytea[], $2::bytea[]) on conflict do nothing",
            [.bytesArray(blobs.map(\.hash)), .bytesArray(blobs.map(\.body))])
    }

    var valueInsert: Statement {
        Statement(
            """
            insert into cells (storage, job, record, column_number, value, is_json, attempt, worker, input_tokens,
                output_tokens, call_milliseconds, finish_reason)
            select * from unnest($1::integer[], $2::bigint[], $3::bigint[], $4::smallint[], $5::text[], $6::boolean[],
                $7::smallint[], $8::text[], $9::integer[], $10::integer[], $11::integer[], $12::text[])
            on conflict do nothing
            """,
            [
                .int4Array(values.map(\.storage)), .int8Array(values.map(\.cell.job.rawValue)),
                .int8Array(values.map(\.cell.record)), .int2Array(values.map { Int16($0.cell.column) }),
                .textArray(values.map(\.text)), .boolArray(values.map(\.isJSON)),
                .int2Array(values.map { Int16(clamping: $0.origin.attempt) }), .textArray(values.map(\.origin.worker)),
                .int4Array(values.map(\.origin.inputTokens)), .int4Array(values.map(\.origin.outputTokens)),
                .int4Array(values.map(\.origin.callMilliseconds)), .textArray(values.map(\.origin.finishReason)),
            ])
    }

    private var failureInsert: Statement {
        Statement(
            """
            insert into failures (job, record, column_number, attempt, kind, message, http_status, finish_reason,
                worker, retry_at)
            select job, record, column_number, attempt, kind, message, http_status, finish_reason, worker,
                clock_timestamp() + nullif(wait, -1) * interval '1 millisecond'
            from unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::smallint[], $5::text[], $6::text[],
                $7::smallint[], $8::text[], $9::text[], $10::bigint[])
                as f (job, record, column_number, attempt, kind, message, http_status, finish_reason, worker, wait)
            on conflict do nothing
            """,
            [
                .int8Array(failures.map(\.cell.job.rawValue)), .int8Array(failures.map(\.cell.record)),
                .int2Array(failures.map { Int16($0.cell.column) }),
                .int2Array(failures.map { Int16(clamping: $0.attempt) }), .textArray(failures.map(\.kind)),
                .textArray(failures.map(\.message)), .int2Array(failures.map(\.httpStatus)),
                .textArray(failures.map(\.finishReason)), .textArray(failures.map(\.worker)),
                .int8Array(failures.map { $0.retryAfter.map { Int64($0 / .milliseconds(1)) } ?? -1 }),
            ])
    }

    private var dropInsert: Statement {
        Statement(
            """
            insert into records (storage, job, record, state, dropped_column, dropped_kind)
            select storage, job, record, 'dropped', column_number, kind
            from unnest($1::integer[], $2::bigint[], $3::bigint[], $4::smallint[], $5::text[])
                as d (storage, job, record, column_number, kind)
            on conflict do nothing
            """,
            [
                .int4Array(drops.map(\.storage)), .int8Array(drops.map(\.cell.job.rawValue)),
                .int8Array(drops.map(\.cell.record)), .int2Array(drops.map { Int16($0.cell.column) }),
                .textArray(drops.map(\.kind)),
            ])
    }

    /// One row per entry of a batch of cells; confirms, which have no cells, go in by one statement.
    private var logInserts: [Statement] {
        var list: [Statement] = []
        var confirmed: [(number: DispatchNumber, job: JobNumber, group: Int)] = []
        for entry in log {
            switch entry {
            case .sent(let sent):
                list.append(
                    logInsert(
                        "sent", sent.number, sent.job, sent.group, sent.column, sent.route, sent.records,
                        sent.attempts))
            case .ended(let number, let job, let group, let column, let records, let cause):
                list.append(logInsert(cause.rawValue, number, job, group, column, "", records, []))
            case .conversation(let number, let job, let group, let column, let record, let body):
                list.append(
                    logInsert("conversation", number, job, group, column, "", [record], [], conversation: body))
            case .confirmed(let number, let job, let group): confirmed.append((number, job, group))
            }
        }
        if !confirmed.isEmpty {
            list.append(
                Statement(
                    """
                    insert into dispatches (job, row_group, generation, sequence, entry)
                    select job, row_group, generation, sequence, 'confirmed'
                    from unnest($1::bigint[], $2::integer[], $3::bigint[], $4::bigint[])
                        as c (job, row_group, generation, sequence)
                    """,
                    [
                        .int8Array(confirmed.map(\.job.rawValue)), .int4Array(confirmed.map { Int32($0.group) }),
                        .int8Array(confirmed.map(\.number.generation)), .int8Array(confirmed.map(\.number.sequence)),
                    ]))
        }
        return list
    }

    private func logInsert(
        _ entry: String, _ number: DispatchNumber, _ job: JobNumber, _ group: Int, _ column: Int, _ route: String,
        _ records: [Int64], _ attempts: [Int], conversation: [UInt8]? = nil
    ) -> Statement {
        Statement(
            """
            insert into dispatches (job, row_group, generation, sequence, entry, column_number, route, records,
                attempts, conversation)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            [
                .int8(job.rawValue), .int4(Int32(group)), .int8(number.generation), .int8(number.sequence),
                .text(entry), .int2(Int16(column)), .text(route), .int8Array(records),
                .int2Array(attempts.map { Int16(clamping: $0) }), conversation.map { .bytes($0) } ?? .null,
            ])
    }

    private var countUpdate: Statement {
        let rows = Array(counts)
        return Statement(
            """
            update row_groups g set completed = c.completed, dropped = c.dropped, completed_with_nulls = c.with_nulls
            from unnest($1::bigint[], $2::integer[], $3::integer[], $4::integer[], $5::integer[])
                as c (job, ordinal, completed, dropped, with_nulls)
            where g.job = c.job and g.ordinal = c.ordinal
            """,
            [
                .int8Array(rows.map(\.key.job.rawValue)), .int4Array(rows.map { Int32($0.key.group) }),
                .int4Array(rows.map { Int32($0.value.completed) }), .int4Array(rows.map { Int32($0.value.dropped) }),
                .int4Array(rows.map { Int32($0.value.completedWithNulls) }),
            ])
    }

    private func finish(_ group: FinishedGroup) -> [Statement] {
        let key: [Parameter] = [.int8(group.job.rawValue), .int4(Int32(group.group))]
        var list: [Statement] = []
        if !group.complete.isEmpty {
            list.append(
                Statement(
                    """
                    insert into records (storage, job, record, state, fields)
                    select $1, $2, record, 'complete', fields from unnest($3::bigint[], $4::text[]) as r (record, fields)
                    on conflict do nothing
                    """,
                    [
                        .int4(group.storage), .int8(group.job.rawValue), .int8Array(group.complete.map(\.record)),
                        .textArray(group.complete.map(\.fields)),
                    ]))
        }
        if !group.cancelled.isEmpty {
            list.append(
                Statement(
                    """
                    insert into records (storage, job, record, state)
                    select $1, $2, record, 'cancelled' from unnest($3::bigint[]) as r (record)
                    on conflict do nothing
                    """,
                    [.int4(group.storage), .int8(group.job.rawValue), .int8Array(group.cancelled)]))
        }
        if !group.sketches.isEmpty {
            list.append(
                Statement(
                    """
                    insert into column_statistics (job, row_group, column_number, sketch)
                    select $1, $2, c, s from unnest($3::smallint[], $4::bytea[]) as r (c, s)
                    on conflict (job, row_group, column_number) do update set sketch = excluded.sketch
                    """,
                    key + [
                        .int2Array(group.sketches.map { Int16($0.column) }), .bytesArray(group.sketches.map(\.sketch)),
                    ]))
        }
        list.append(
            Statement(
                """
                update row_groups set state = 'finished', finished_at = now(), cancelled = $3
                where job = $1 and ordinal = $2
                """, key + [.int4(Int32(group.cancelled.count))]))
        list.append(Statement("delete from dispatches where job = $1 and row_group = $2", key))
        return list
    }

    private var usageUpdate: Statement {
        let rows = Array(usage)
        return Statement(
            """
            \(Self.usageInsert)
            select * from unnest($1::bigint[], $2::smallint[], \(Self.usageArrays))
            \(Self.usageConflict)
            """,
            [
                .int8Array(rows.map(\.key.job.rawValue)), .int2Array(rows.map { Int16($0.key.column) }),
            ] + Self.usageColumns(rows.map(\.value)))
    }

    /// Jobs that were deleted meanwhile have no row to count in.
    private var lateUsageUpdate: Statement {
        let rows = Array(lateUsage)
        return Statement(
            """
            \(Self.usageInsert)
            select j.number, l.column_number, stored, calls, failed, returned, wasted, l.input_tokens, l.output_tokens,
                child_deaths
            from unnest($1::text[], $2::smallint[], \(Self.usageArrays)) as l (job, column_number, stored, calls,
                failed, returned, wasted, input_tokens, output_tokens, child_deaths)
            join jobs j on j.id = l.job
            \(Self.usageConflict)
            """,
            [
                .textArray(rows.map(\.key.job.rawValue)),
                .int2Array(rows.map { Int16(clamping: $0.key.column) }),
            ] + Self.usageColumns(rows.map(\.value)))
    }

    private static let usageInsert = """
        insert into usage as u (job, column_number, stored, calls, failed, returned, wasted, input_tokens, output_tokens,
            child_deaths)
        """

    private static let usageArrays = """
        $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[]
        """

    private static let usageConflict = """
        on conflict (job, column_number) do update set
            stored = u.stored + excluded.stored, calls = u.calls + excluded.calls,
            failed = u.failed + excluded.failed, returned = u.returned + excluded.returned,
            wasted = u.wasted + excluded.wasted, input_tokens = u.input_tokens + excluded.input_tokens,
            output_tokens = u.output_tokens + excluded.output_tokens,
            child_deaths = u.child_deaths + excluded.child_deaths
        """

    private static func usageColumns(_ rows: [UsageDelta]) -> [Parameter] {
        let columns: [KeyPath<UsageDelta, Int64>] = [
            \.stored, \.calls, \.failed, \.returned, \.wasted, \.inputTokens, \.outputTokens,
            \.childDeaths,
        ]
        return columns.map { column in .int8Array(rows.map { $0[keyPath: column] }) }
    }

    private func stateChange(_ job: JobNumber, _ state: JobState, _ reason: String) -> [Statement] {
        [
            Statement(
                """
                update jobs set state = $2, reason = $3,
                    started_at = case when $2 = 'running' then coalesce(started_at, now()) else started_at end,
                    ended_at = case when $4 then now() else null end
                where number = $1
                """, [.int8(job.rawValue), .text(state.rawValue), .text(reason), .bool(state.isEnded)]),
            Statement(
                "insert into events (job, event, detail) values ($1, $2, $3)",
                [.int8(job.rawValue), .text(state.rawValue), .text(reason)]),
            Statement("select pg_notify('tessera_jobs', $1)", [.text(String(job.rawValue))]),
        ]
    }
}
