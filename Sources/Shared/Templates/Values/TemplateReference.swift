/// `self`, which without blocks is good for nothing but being printed.
final class TemplateReference: TemplateObject {
    override var typeName: String { "TemplateReference" }
    override var qualifiedTypeName: String { "jinja2.runtime.TemplateReference" }

    override func appendRepr(to bytes: inout [UInt8], _ printer: inout PythonPrinter) {
        bytes.append(contentsOf: "<TemplateReference None>".utf8)
    }
}
