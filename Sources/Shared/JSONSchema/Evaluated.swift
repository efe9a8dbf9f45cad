import JSON

/// What the keywords of a schema have looked at in one object or array.
struct Evaluated {
    var names: Set<ExactString> = []
    var hasAllNames = false
    /// Elements from the first on.
    var prefix = 0
    var hasAllItems = false
    /// Further elements.
    var items: Set<Int> = []

    mutating func merge(_ other: Evaluated) {
        if !other.names.isEmpty { names.formUnion(other.names) }
        hasAllNames = hasAllNames || other.hasAllNames
        prefix = max(prefix, other.prefix)
        hasAllItems = hasAllItems || other.hasAllItems
        if !other.items.isEmpty { items.formUnion(other.items) }
    }

    func hasItem(_ index: Int) -> Bool { hasAllItems || index < prefix || items.contains(index) }
    func hasName(_ name: String) -> Bool { hasAllNames || names.contains(ExactString(name)) }
}
