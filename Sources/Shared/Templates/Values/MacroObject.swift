/// A macro, or the `caller` of a call block, as a value.
final class MacroObject: TemplateObject {
    private let macro: CompiledMacro
    /// The frame in which the macro was defined.
    private let frame: VariableFrame

    init(_ macro: CompiledMacro, _ frame: VariableFrame) {
        self.macro = macro
        self.frame = frame
    }

    override var typeName: String { "Macro" }
    override var qualifiedTypeName: String { "jinja2.runtime.Macro" }
    override var isCallable: Bool { true }

    override func attribute(_ name: String, _ evaluator: Evaluator) throws(TemplateError) -> Value? {
        switch name {
        case "name": macro.name.map(Value.string) ?? Value.none
        case "arguments":
            .tuple(ValueList(values: macro.parameters.map { .string($0.name) }, depth: 1))
        case "catch_kwargs": .bool(macro.keywordArguments != nil)
        case "catch_varargs": .bool(macro.positionalArguments != nil)
        case "caller": .bool(macro.caller != nil)
        case "explicit_caller": .bool(macro.parameters.contains { $0.name == "caller" })
        default: nil
        }
    }

    override func call(_ arguments: Arguments, _ evaluator: Evaluator) throws(TemplateError) -> Value {
        var arguments = arguments
        let parameters = macro.parameters
        var values: [Value?] = Array(arguments.positional.prefix(parameters.count))
        var hasCaller = false
        if values.count < parameters.count {
            for parameter in parameters[values.count...] {
                if parameter.name == "caller" { hasCaller = true }
                values.append(arguments.removeKeyword(parameter.name))
            }
        } else {
            hasCaller = parameters.contains { $0.name == "caller" }
        }
        var caller: Value?
        if macro.caller != nil, !hasCaller {
            caller = arguments.removeKeyword("caller") ?? evaluator.undefined { "No caller defined" }
            if case .none? = caller { caller = evaluator.undefined { "No caller defined" } }
        }
        try check(arguments)
        return try evaluator.invoke(macro, in: frame, values, caller: caller, arguments)
    }

    /// Refuses what is left over and has nowhere to go.
    private func check(_ arguments: Arguments) throws(TemplateError) {
        let name = macro.name.map { "'\($0)'" } ?? "None"
        if macro.keywordArguments == nil, let keyword = arguments.keywords.first {
            if arguments.keyword("caller") != nil {
                throw .type(
                    "macro \(name) was invoked with two values for the special caller argument. This is most likely a "
                        + "bug.")
            }
            throw .type("macro \(name) takes no keyword argument '\(keyword.name)'")
        }
        if macro.positionalArguments == nil, arguments.positional.count > macro.parameters.count {
            throw .type("macro \(name) takes not more than \(macro.parameters.count) argument(s)")
        }
    }

    override func appendRepr(to bytes: inout [UInt8], _ printer: inout PythonPrinter) {
        bytes.append(contentsOf: "<Macro \(macro.name.map(PythonRepr.text) ?? "anonymous")>".utf8)
    }
}
