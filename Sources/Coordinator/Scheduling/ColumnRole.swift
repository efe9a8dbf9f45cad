/// How the cells of a column come to be.
package enum ColumnRole: Sendable, Hashable {
    /// There when the row group is admitted: sampled, or read from a seed.
    case given
    /// Computed by the owner as soon as what it needs is there.
    case computed
    /// Called for by a worker of this route.
    case model(route: String)
}
