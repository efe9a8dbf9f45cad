/// A value with behaviour of its own: a loop, a macro, a range, an iterator, a method.
class TemplateObject {
    /// Python's `type(x).__name__`.
    var typeName: String { "object" }

    /// The type's name as errors about missing attributes write it.
    var qualifiedTypeName: String { typeName }

    /// Objects inside this one, for the bound on nesting.
    var depth: Int { 0 }

    /// An attribute, nil if there is none of that name.
    func attribute(_ name: String, _ evaluator: Evaluator) throws(TemplateError) -> Value? { nil }

    /// An element, nil if there is none; a type error when the object has no elements.
    func item(_ key: Value) throws(TemplateError) -> Value? {
        throw .type("'\(typeName)' object is not subscriptable")
    }

    var isCallable: Bool { false }

    func call(_ arguments: Arguments, _ evaluator: Evaluator) throws(TemplateError) -> Value {
        throw .type("'\(typeName)' object is not callable")
    }

    /// An iterator over the elements, nil when the object cannot be iterated.
    func makeIterator() throws(TemplateError) -> ValueIterator? { nil }

    /// The number of elements, nil when the object has no length.
    func length() throws(TemplateError) -> Int? { nil }

    var isTrue: Bool { true }

    /// Appends Python's `repr(x)`.
    func appendRepr(to bytes: inout [UInt8], _ printer: inout PythonPrinter) throws(TemplateError) {
        bytes.append(contentsOf: "<\(qualifiedTypeName) object at \(Self.address)>".utf8)
    }

    /// What stands for a memory address in printed text: constant, so that equal input gives equal output.
    static let address = "0x7f0000000000"
}
