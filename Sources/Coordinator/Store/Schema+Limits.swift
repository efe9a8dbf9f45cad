extension Schema {
    static let limits = """
        create table route_limits (
            provider text not null,
            model text not null,
            limit_key text not null,
            at timestamptz not null,
            status text not null,
            primary key (provider, model, limit_key)
        );
        comment on table route_limits is
            'how each limit stands, by what coordinators hear from workers; status is a JSON object, schema route/v1';

        create table limit_history (
            limit_key text not null,
            at timestamptz not null,
            calls integer not null,
            ceiling integer not null,
            in_flight integer not null,
            refused bigint not null,
            state text not null,
            moved_by text not null,
            primary key (limit_key, at)
        );
        comment on table limit_history is
            'a limit second by second while it is in use: an hour, then every tenth second for a day';
        comment on column limit_history.calls is 'the limit: calls at once over the cluster';
        comment on column limit_history.refused is 'a running sum';
        """
}
