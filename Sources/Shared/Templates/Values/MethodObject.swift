/// A function as a value.
final class MethodObject: TemplateObject {
    typealias Function = (Arguments, Evaluator) throws(TemplateError) -> Value

    private let name: String
    private let receiverType: String?
    private let function: Function
    private let receiverDepth: Int

    /// A plain function.
    ///
    /// - Parameter name: as Python prints it.
    init(_ name: String, _ function: @escaping Function) {
        self.name = name
        receiverType = nil
        receiverDepth = 0
        self.function = function
    }

    /// A built-in method of `receiver`.
    ///
    /// - Parameter function: what a plain function that stands for the method is called.
    init(_ name: String, of receiver: Value, shownAs functionName: String? = nil, _ function: @escaping Function) {
        self.name = functionName ?? name
        receiverType = functionName == nil ? receiver.typeName : nil
        receiverDepth = receiver.depth + 1
        self.function = function
    }

    override var typeName: String { receiverType == nil ? "function" : "builtin_function_or_method" }
    override var isCallable: Bool { true }
    override var depth: Int { receiverDepth }

    override func call(_ arguments: Arguments, _ evaluator: Evaluator) throws(TemplateError) -> Value {
        try function(arguments, evaluator)
    }

    override func appendRepr(to bytes: inout [UInt8], _ printer: inout PythonPrinter) {
        let text =
            if let receiverType {
                "<built-in method \(name) of \(receiverType) object at \(Self.address)>"
            } else {
                "<function \(name) at \(Self.address)>"
            }
        bytes.append(contentsOf: text.utf8)
    }
}
