import JSON

/// What the global `namespace(...)` makes: the one thing whose attributes can be set.
final class NamespaceObject: TemplateObject {
    private var table: DictionaryTable

    init(_ table: DictionaryTable) {
        self.table = table
    }

    override var typeName: String { "Namespace" }
    override var qualifiedTypeName: String { "jinja2.utils.Namespace" }

    func set(_ name: String, _ value: Value) throws(TemplateError) { table.set(name, value) }

    func removeAll() { table = DictionaryTable() }

    override func attribute(_ name: String, _ evaluator: Evaluator) throws(TemplateError) -> Value? {
        table[.string(ExactString(name))]
    }

    override func appendRepr(to bytes: inout [UInt8], _ printer: inout PythonPrinter) throws(TemplateError) {
        bytes.append(contentsOf: "<Namespace ".utf8)
        try printer.appendRepr(of: try .makeDictionary(table), to: &bytes)
        bytes.append(UInt8(ascii: ">"))
    }
}
