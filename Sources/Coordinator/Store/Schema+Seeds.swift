extension Schema {
    /// Seed data of jobs, frozen when they are submitted.
    static let seeds = """
        create table seeds (
            hash bytea primary key,
            columns text[] not null,
            rows bigint not null check (rows > 0),
            bytes bigint not null,
            created_at timestamptz not null default now()
        );
        comment on table seeds is 'seed data sets; hash is over the columns and all of the data';

        create table seed_pieces (
            seed bytea not null references seeds (hash) on delete cascade,
            first_row bigint not null,
            rows integer not null,
            blob bytea not null references blobs (hash),
            primary key (seed, first_row)
        );
        comment on table seed_pieces is
            'records first_row and on of a seed; the blob has their count, their offsets, and each as a JSON array';

        alter table blobs alter column body set storage external;
        comment on column blobs.body is 'not compressed, so that a part of it can be read without the rest';

        alter table jobs add column seed_data bytea references seeds (hash);
        """
}
