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

extension Evaluator {
    /// Runs a macro's body in a frame of its own and gives back its text.
    func invoke(
        _ macro: CompiledMacro, in outer: VariableFrame, _ values: [Value?], caller: Value?, _ rest: Arguments
    ) throws(TemplateError) -> Value {
        try nested { () throws(TemplateError) in
            let saved = frame
            frame = VariableFrame(count: macro.variableCount, outer: outer)
            defer { frame = saved }
            for (parameter, value) in zip(macro.parameters, values) { set(parameter.variable, value) }
            if let variable = macro.caller, let caller { set(variable, caller) }
            if let variable = macro.keywordArguments {
                var table = DictionaryTable()
                for (name, value) in rest.keywords { try table.set(.string(name), value) }
                set(variable, try .makeDictionary(table))
            }
            if let variable = macro.positionalArguments {
                set(variable, try .makeTuple(Array(rest.positional.dropFirst(macro.parameters.count))))
            }
            return try capture { () throws(TemplateError) in
                enter(macro.body.scope)
                for parameter in macro.parameters where get(parameter.variable) == nil {
                    let value =
                        if let fallback = parameter.fallback {
                            try evaluate(fallback)
                        } else {
                            undefined { "parameter '\(parameter.name)' was not provided" }
                        }
                    set(parameter.variable, value)
                }
                try execute(macro.body.statements)
            }
        }
    }
}
