/// What happens on entry to a scope: its variables get their first values.
struct Scope: Sendable {
    enum Load: Sendable {
        case root(Int)
        case variable(Variable)
        case nothing
    }

    var loads: [(place: Int, load: Load)] = []
}
