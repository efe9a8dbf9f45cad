/// What happens with names and attributes that are not there.
package enum UndefinedBehavior: Hashable, Sendable {
    /// A missing variable is an error before anything is rendered; a missing attribute or element prints nothing.
    case columns
    /// Both print nothing, as in stock Jinja.
    case lenient
    /// Any use of either but asking whether it is defined is an error (Jinja's `StrictUndefined`).
    case strict
}
