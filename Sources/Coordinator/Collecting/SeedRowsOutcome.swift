import JSON

/// What became of reading a row group's seed rows.
enum SeedRowsOutcome: Sendable {
    case rows([[JSONValue]])
    /// The database is away: to be asked again.
    case later
    case damaged
}
