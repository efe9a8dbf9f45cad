extension Schema {
    /// What keeps statements short in large databases, and jobs within what is counted in.
    static let bounds = """
        create index records_dropped on records (job, record) where state = 'dropped';
        create index jobs_given_up on jobs (ended_at) where state in ('cancelled', 'failed');
        alter table jobs add constraint jobs_requested_at_most check (requested <= \(NewJob.mostRecords));
        alter table removals drop constraint removals_kind_check;
        alter table removals add constraint removals_kind_check check (kind in ('file', 'seed', 'blob', 'storage'));
        comment on column removals.hash is 'of a storage: its number, four bytes, the highest first';
        """
}
