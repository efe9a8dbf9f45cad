/// What the global `cycler(...)` makes.
final class CyclerObject: TemplateObject {
    private let items: [Value]
    private let itemsDepth: Int
    private var place = 0

    init(_ items: [Value]) throws(TemplateError) {
        guard !items.isEmpty else { throw .runtime("at least one item has to be provided") }
        self.items = items
        itemsDepth = try ValueList(checked: items).depth
    }

    override var typeName: String { "Cycler" }
    override var qualifiedTypeName: String { "jinja2.utils.Cycler" }
    override var depth: Int { itemsDepth }

    override func attribute(_ name: String, _ evaluator: Evaluator) throws(TemplateError) -> Value? {
        switch name {
        case "current": items[place]
        case "items": try .makeTuple(items)
        case "pos": .integer(place)
        case "next":
            .object(
                MethodObject("Cycler.next") { [self] arguments, _ throws(TemplateError) in
                    try arguments.expectNone("Cycler.next")
                    defer { place = (place + 1) % items.count }
                    return items[place]
                })
        case "reset":
            .object(
                MethodObject("Cycler.reset") { [self] arguments, _ throws(TemplateError) in
                    try arguments.expectNone("Cycler.reset")
                    place = 0
                    return .none
                })
        default: nil
        }
    }
}
