/// The tables. They are part of the product: docs/architecture.md describes them, users may read them.
enum Schema {
    static let first = """
        create table jobs (
            number bigint generated always as identity primary key,
            id text not null unique,
            name text not null,
            partition smallint not null,
            storage integer not null,
            workflow text not null,
            fingerprint text not null,
            seed bigint not null,
            generator_version smallint not null,
            requested bigint not null check (requested > 0),
            group_size integer not null check (group_size > 0),
            priority smallint not null default 4 check (priority between 0 and 9),
            salvage_max_rounds smallint not null default 2,
            max_parallel text not null default '{}',
            state text not null default 'queued' check (state in
                ('queued', 'running', 'waiting', 'paused', 'completed', 'cancelled', 'failed')),
            reason text not null default '',
            stopping boolean not null default false,
            created_at timestamptz not null default now(),
            started_at timestamptz,
            ended_at timestamptz
        );
        create unique index jobs_by_name on jobs (name);
        create index jobs_by_partition on jobs (partition) where state in ('queued', 'running', 'waiting', 'paused');
        comment on table jobs is 'one submission of a workflow';
        comment on column jobs.seed is 'the bits of an unsigned 64-bit integer';
        comment on column jobs.storage is 'the partition of cells and records; 0 is shared by small jobs';

        create table job_columns (
            job bigint not null references jobs (number) on delete cascade,
            number smallint not null,
            name text not null,
            kind text not null,
            model text not null default '',
            primary key (job, number)
        );

        create table coordinators (
            id text primary key,
            expires_at timestamptz not null,
            started_at timestamptz not null default now()
        );

        create table partitions (
            id smallint primary key,
            owner text,
            generation bigint not null default 0
        );

        create table commands (
            id bigint generated always as identity primary key,
            job bigint not null references jobs (number) on delete cascade,
            kind text not null,
            created_at timestamptz not null default now(),
            done_at timestamptz,
            answer text
        );
        create index commands_open on commands (job) where done_at is null;

        create table row_groups (
            job bigint not null references jobs (number) on delete cascade,
            ordinal integer not null,
            first_record bigint not null,
            records integer not null,
            state text not null default 'active' check (state in ('active', 'finished')),
            completed integer not null default 0,
            dropped integer not null default 0,
            cancelled integer not null default 0,
            finished_at timestamptz,
            primary key (job, ordinal)
        );
        create index row_groups_active on row_groups (job) where state = 'active';

        create table cells (
            storage integer not null,
            job bigint not null,
            record bigint not null,
            column_number smallint not null,
            value text not null,
            is_json boolean not null,
            attempt smallint not null,
            worker text not null,
            input_tokens integer not null,
            output_tokens integer not null,
            call_milliseconds integer not null,
            finish_reason text not null,
            stored_at timestamptz not null default now(),
            primary key (storage, job, record, column_number)
        ) partition by list (storage);
        create table cells_0 partition of cells for values in (0);
        comment on column cells.value is
            'the text, or with is_json the JSON of it (a string that holds NUL is stored as JSON)';

        create table records (
            storage integer not null,
            job bigint not null,
            record bigint not null,
            state text not null check (state in ('complete', 'dropped', 'cancelled')),
            fields text,
            dropped_column smallint,
            dropped_kind text,
            primary key (storage, job, record)
        ) partition by list (storage);
        create table records_0 partition of records for values in (0);
        comment on column records.fields is 'sampled and computed columns as a JSON object; model columns are in cells';

        create table dispatches (
            job bigint not null,
            row_group integer not null,
            generation bigint not null,
            sequence bigint not null,
            entry text not null check (entry in ('sent', 'confirmed', 'ended')),
            column_number smallint,
            route text,
            records bigint[],
            attempts smallint[]
        );
        create index dispatches_by_group on dispatches (job, row_group);

        create table failures (
            job bigint not null references jobs (number) on delete cascade,
            record bigint not null,
            column_number smallint not null,
            attempt smallint not null,
            kind text not null,
            message text not null,
            http_status smallint not null,
            finish_reason text not null,
            worker text not null,
            retry_at timestamptz,
            failed_at timestamptz not null default now(),
            primary key (job, record, column_number, attempt)
        );
        comment on table failures is 'the ledger: every attempt that was charged';

        create table usage (
            job bigint not null references jobs (number) on delete cascade,
            column_number smallint not null,
            stored bigint not null default 0,
            calls bigint not null default 0,
            failed bigint not null default 0,
            returned bigint not null default 0,
            wasted bigint not null default 0,
            input_tokens bigint not null default 0,
            output_tokens bigint not null default 0,
            primary key (job, column_number)
        );

        create table events (
            job bigint not null references jobs (number) on delete cascade,
            number bigint generated always as identity,
            at timestamptz not null default now(),
            event text not null,
            detail text not null default '',
            primary key (job, number)
        );

        create table blobs (
            hash bytea primary key,
            body bytea not null
        );

        create table dead_letters (
            id bigint generated always as identity primary key,
            received_at timestamptz not null default now(),
            reason text not null,
            routing_key text not null,
            body bytea not null
        );

        create sequence storage_numbers;

        create function fence(wanted smallint, held bigint) returns void language plpgsql as $$
        begin
            perform 1 from partitions where id = wanted and generation = held for share;
            if not found then
                raise exception 'partition % is not at generation %', wanted, held using errcode = 'TE001';
            end if;
        end
        $$;
        comment on function fence is
            'begins each transaction of a partition''s owner: fails when another took over, makes a takeover wait';
        """
}
