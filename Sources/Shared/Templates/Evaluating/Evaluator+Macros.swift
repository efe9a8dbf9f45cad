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
                for (name, value) in rest.keywords { table.set(name, value) }
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
