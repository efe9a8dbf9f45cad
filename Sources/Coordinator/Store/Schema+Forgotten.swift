extension Schema {
    /// When files were stored, so that those of submissions that failed can be told from those of one under way.
    static let forgotten = """
        alter table files add column stored_at timestamptz not null default now();
        comment on column files.stored_at is 'when a piece was stored last, or a submission found it whole';
        comment on column seeds.created_at is 'when it was stored, or a submission stored the same again';
        """
}
