extension Schema {
    /// What clients see of workers and wish of them, and what is known of finished values.
    static let workers = """
        create table workers (
            id text primary key,
            at timestamptz not null,
            status text not null
        );
        comment on table workers is
            'the workers that coordinators hear; status is a JSON object, schema worker/v1. Kept for a day';

        create table worker_orders (
            id bigint generated always as identity primary key,
            worker text not null,
            kind text not null check (kind in ('drain')),
            created_at timestamptz not null default now(),
            done_at timestamptz
        );
        create index worker_orders_open on worker_orders (id) where done_at is null;
        comment on table worker_orders is
            'wishes of clients to workers; coordinators pass them on until the worker obeys or is gone';

        create table column_statistics (
            job bigint not null references jobs (number) on delete cascade,
            row_group integer not null,
            column_number smallint not null,
            sketch bytea not null,
            primary key (job, row_group, column_number)
        );
        comment on table column_statistics is
            'of each finished row group, what is known of a column''s values: sketches that can be merged';
        """
}
