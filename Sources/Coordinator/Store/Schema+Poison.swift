extension Schema {
    /// Cells whose process died, and conversations that are interrupted.
    static let poison = """
        alter table dispatches
            drop constraint dispatches_entry_check,
            add constraint dispatches_entry_check check (entry in
                ('sent', 'confirmed', 'ended', 'died', 'lost', 'conversation')),
            add column conversation bytea;
        comment on column dispatches.entry is
            'died: ended, since a child process of a worker died with it; lost: ended, since the broker lost its task';
        alter table usage add column child_deaths bigint not null default 0;
        """
}
