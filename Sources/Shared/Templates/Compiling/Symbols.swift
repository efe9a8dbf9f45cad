/// Which variable a name means in one scope (the template, a loop's body, a macro, ...), and where its first value
/// comes from.
///
/// Jinja decides this while it compiles: a name that a scope stores anywhere is a variable of that scope from its
/// beginning, first set from the scope around it, from the caller's values, or not at all. The rules are those of
/// `jinja2.idtracking`.
final class Symbols {
    struct Reference: Hashable {
        let scope: Int
        let name: String
    }

    enum Load {
        /// Set by what opens the scope: a loop's target, a macro's parameter.
        case parameter
        /// From the values that the template is rendered with.
        case resolve
        /// From a variable of a scope around this one.
        case alias(Reference)
        /// Not set.
        case undefined
    }

    let scope: Int
    let parent: Symbols?
    private(set) var references: [String: Reference] = [:]
    private(set) var loads: [Reference: Load] = [:]
    private(set) var stores: Set<String> = []

    init(scope: Int, parent: Symbols?) {
        self.scope = scope
        self.parent = parent
    }

    private init(copying other: Symbols) {
        scope = other.scope
        parent = other.parent
        references = other.references
        loads = other.loads
        stores = other.stores
    }

    func find(_ name: String) -> Reference? { references[name] ?? parent?.find(name) }

    private func define(_ name: String, _ load: Load) {
        let reference = Reference(scope: scope, name: name)
        references[name] = reference
        loads[reference] = load
    }

    func store(_ name: String) {
        stores.insert(name)
        guard references[name] == nil else { return }
        if let outer = parent?.find(name) {
            define(name, .alias(outer))
        } else {
            define(name, .undefined)
        }
    }

    func declareParameter(_ name: String) {
        stores.insert(name)
        define(name, .parameter)
    }

    func load(_ name: String) {
        if find(name) == nil { define(name, .resolve) }
    }

    /// Runs `visit` for each of several branches of which one will be taken, and joins what they learned.
    func branch(_ branches: [(Symbols) -> Void]) {
        let copies = branches.map { visit in
            let copy = Symbols(copying: self)
            visit(copy)
            return copy
        }
        var stored = Set<String>()
        for copy in copies { stored.formUnion(copy.stores) }
        stored.subtract(stores)
        for copy in copies {
            references.merge(copy.references) { $1 }
            loads.merge(copy.loads) { $1 }
            stores.formUnion(copy.stores)
        }
        // Not every branch sets it: what it is without one decides its first value.
        for name in stored {
            guard let reference = find(name) else { continue }
            loads[reference] = parent?.find(name).map(Load.alias) ?? .resolve
        }
    }
}
