extension Schema {
    /// Files of jobs: images that models made, and those that were uploaded with a job.
    static let files = """
        create table files (
            hash bytea primary key,
            bytes bigint not null check (bytes > 0)
        );
        comment on table files is 'by SHA-256; a file is whole when its pieces have all of its bytes';

        create table file_pieces (
            hash bytea not null references files (hash) on delete cascade,
            piece integer not null,
            body bytea not null,
            primary key (hash, piece)
        );
        alter table file_pieces alter column body set storage external;
        comment on table file_pieces is 'pieces of 1 MiB, the last one shorter';

        create table job_files (
            job bigint not null references jobs (number) on delete cascade,
            name text not null,
            hash bytea not null references files (hash),
            primary key (job, name)
        );
        create index job_files_by_hash on job_files (hash);
        comment on column job_files.name is 'as a cell names it: a path in the artifact, or the path that was uploaded';

        create table removals (
            kind text not null check (kind in ('file', 'seed', 'blob')),
            hash bytea not null,
            primary key (kind, hash)
        );
        comment on table removals is 'what a deleted job used: removed, where nothing else uses it, after the deletion';
        """
}
