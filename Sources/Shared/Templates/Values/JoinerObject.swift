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
