extension Schema {
    /// Row groups that a retry opened again and nobody has in hand: a whole job may be, so they are read one by one.
    static let retries = """
        alter table row_groups drop constraint row_groups_state_check;
        alter table row_groups add constraint row_groups_state_check
            check (state in ('active', 'reopened', 'finished'));
        drop index row_groups_active;
        create index row_groups_open on row_groups (job) where state <> 'finished';
        """
}
