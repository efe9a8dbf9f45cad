/// What the global `namespace(...)` makes: the one thing whose attributes can be set.
final class NamespaceObject: TemplateObject {
    private var table: DictionaryTable

    init(_ table: DictionaryTable) {
        self.table = table
    }

    override var typeName: String { "Namespace" }
    override var qualifiedTypeName: String { "jinja2.utils.Namespace" }

    func set(_ name: String, _ value: Value) throws(TemplateError) { try table.set(.string(name), value) }

    func removeAll() { table = DictionaryTable() }

    override func attribute(_ name: String, _ evaluator: Evaluator) throws(TemplateError) -> Value? {
        table[try HashKey(.string(name))]
    }

    override func appendRepr(to bytes: inout [UInt8], _ printer: inout PythonPrinter) throws(TemplateError) {
        bytes.append(contentsOf: "<Namespace ".utf8)
        try printer.appendRepr(of: try .makeDictionary(table), to: &bytes)
        bytes.append(UInt8(ascii: ">"))
    }
}

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

/// What the global `joiner(...)` makes: nothing at its first call, the separator at all others.
final class JoinerObject: TemplateObject {
    private let separator: Value
    private let separatorDepth: Int
    private var isUsed = false

    init(_ separator: Value) throws(TemplateError) {
        self.separator = separator
        separatorDepth = try ValueList(checked: [separator]).depth
    }

    override var typeName: String { "Joiner" }
    override var qualifiedTypeName: String { "jinja2.utils.Joiner" }
    override var depth: Int { separatorDepth }
    override var isCallable: Bool { true }

    override func attribute(_ name: String, _ evaluator: Evaluator) -> Value? {
        switch name {
        case "sep": separator
        case "used": .bool(isUsed)
        default: nil
        }
    }

    override func call(_ arguments: Arguments, _ evaluator: Evaluator) throws(TemplateError) -> Value {
        try arguments.expectNone("Joiner.__call__")
        defer { isUsed = true }
        return isUsed ? separator : .string("")
    }
}

/// `self`, which without blocks is good for nothing but being printed.
final class TemplateReference: TemplateObject {
    override var typeName: String { "TemplateReference" }
    override var qualifiedTypeName: String { "jinja2.runtime.TemplateReference" }

    override func appendRepr(to bytes: inout [UInt8], _ printer: inout PythonPrinter) {
        bytes.append(contentsOf: "<TemplateReference None>".utf8)
    }
}
