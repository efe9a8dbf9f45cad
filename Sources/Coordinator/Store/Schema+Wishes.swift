extension Schema {
    /// What clients may wish of a job while it runs, and what it was told at submit.
    static let wishes = """
        alter table jobs
            add column run_config text not null default '{}',
            add column keep_failed boolean not null default false,
            add column former_ends bigint[] not null default '{}',
            add column deadline_at timestamptz,
            add column max_tokens bigint check (max_tokens > 0),
            add column idempotency_key text unique;
        comment on column jobs.run_config is 'Data Designer''s RunConfig as it was given, a JSON object';
        comment on column jobs.former_ends is 'how many records were requested before each extension';
        comment on column jobs.max_tokens is 'the job is paused when it has used so many, input and output';

        alter table commands add column arguments text not null default '{}';
        alter table commands add column refused boolean not null default false;
        comment on table commands is 'wishes of clients; the owner of the job''s partition carries them out';

        alter table row_groups add column completed_with_nulls integer not null default 0;
        alter table failures add column forgiven boolean not null default false;
        comment on column failures.forgiven is 'its record was retried since: the attempt counts no more';
        """
}
