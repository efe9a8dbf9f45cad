/// A class as a value: calling it makes an object.
final class ClassObject: TemplateObject {
    private let name: String
    private let make: MethodObject.Function

    init(_ name: String, _ make: @escaping MethodObject.Function) {
        self.name = name
        self.make = make
    }

    override var typeName: String { "type" }
    override var isCallable: Bool { true }

    override func call(_ arguments: Arguments, _ evaluator: Evaluator) throws(TemplateError) -> Value {
        try make(arguments, evaluator)
    }

    override func appendRepr(to bytes: inout [UInt8], _ printer: inout PythonPrinter) {
        bytes.append(contentsOf: "<class '\(name)'>".utf8)
    }
}
