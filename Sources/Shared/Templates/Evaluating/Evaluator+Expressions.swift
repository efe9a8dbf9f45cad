extension Evaluator {
    func evaluate(_ expression: CompiledExpression) throws(TemplateError) -> Value {
        try step()
        position = expression.position
        switch expression.kind {
        case .constant(let constant): return constant.value
        case .root(let place): return root(place)
        case .variable(let variable, let name): return get(variable) ?? undefined(name: name)
        case .captured: return captured
        default: break
        }
        do throws(TemplateError) {
            return try nested { () throws(TemplateError) in try evaluateCompound(expression) }
        } catch {
            throw error.located(at: expression.position)
        }
    }

    private func evaluateCompound(_ expression: CompiledExpression) throws(TemplateError) -> Value {
        switch expression.kind {
        case .attribute(let object, let name): return try attribute(name, of: try evaluate(object))
        case .item(let object, let key):
            let object = try evaluate(object)
            return try item(try evaluate(key), of: object)
        case .filter(let input, let filter, let call):
            let input = try evaluate(input)
            return try apply(filter, to: input, call.isEmpty ? .none : try arguments(call))
        case .test(let input, let test, let call):
            let input = try evaluate(input)
            return .bool(try test.function(self, input, call.isEmpty ? .none : try arguments(call)))
        case .call(let callee, let call):
            let callee = try evaluate(callee)
            return try self.call(callee, try arguments(call))
        case .conditional(let test, let then, let otherwise): return try conditional(test, then, otherwise)
        case .comparison(let first, let operands): return try comparison(first, operands)
        case .binary(let operation, let left, let right):
            let left = try evaluate(left)
            return try binary(operation, left, try evaluate(right))
        case .and(let left, let right):
            let left = try evaluate(left)
            return try isTrue(left) ? try evaluate(right) : left
        case .or(let left, let right):
            let left = try evaluate(left)
            return try isTrue(left) ? left : try evaluate(right)
        case .not(let operand): return .bool(!(try isTrue(try evaluate(operand))))
        default: return try evaluateRare(expression)
        }
    }

    private func evaluateRare(_ expression: CompiledExpression) throws(TemplateError) -> Value {
        switch expression.kind {
        case .tuple(let elements): return try .makeTuple(try evaluate(elements))
        case .list(let elements): return try .makeList(try evaluate(elements))
        case .dictionary(let pairs):
            var members: [(Value, Value)] = []
            for pair in pairs { members.append((try evaluate(pair.key), try evaluate(pair.value))) }
            var table = DictionaryTable()
            for (key, value) in members { try table.set(key, value, meter) }
            return try .makeDictionary(table)
        case .slice(let object, let start, let stop, let step):
            let object = try evaluate(object)
            return try slice(object, try bound(start), try bound(stop), try bound(step))
        case .concatenation(let parts): return try concatenation(parts)
        case .negative(let operand): return try negative(try evaluate(operand))
        case .positive(let operand): return try positive(try evaluate(operand))
        case .unknown(let reason): throw .runtime(reason)
        default: throw .runtime("unexpected expression")
        }
    }

    private func evaluate(_ expressions: [CompiledExpression]) throws(TemplateError) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(expressions.count)
        for expression in expressions { values.append(try evaluate(expression)) }
        return values
    }

    private func bound(_ expression: CompiledExpression?) throws(TemplateError) -> Value? {
        guard let expression else { return nil }
        let value = try evaluate(expression)
        return value.isNone ? nil : value
    }

    private func conditional(
        _ test: CompiledExpression, _ then: CompiledExpression, _ otherwise: CompiledExpression?
    ) throws(TemplateError) -> Value {
        if try isTrue(try evaluate(test)) { return try evaluate(then) }
        if let otherwise { return try evaluate(otherwise) }
        let position = test.position
        // Lenient even where other undefined values are strict, as in the reference.
        return .undefined(
            Undefined(isStrict: false) {
                "the inline if-expression on line \(position.line) evaluated to false and no else section was defined."
            })
    }

    private func comparison(
        _ first: CompiledExpression, _ operands: [(operation: ComparisonOperator, value: CompiledExpression)]
    ) throws(TemplateError) -> Value {
        var left = try evaluate(first)
        for (operation, expression) in operands {
            let right = try evaluate(expression)
            guard try compare(left, operation, right) else { return .bool(false) }
            left = right
        }
        return .bool(true)
    }

    private func concatenation(_ parts: [CompiledExpression]) throws(TemplateError) -> Value {
        var (text, isMarkup) = ("", false)
        let values = try evaluate(parts)
        if escapesOutput { isMarkup = values.contains(where: \.isMarkup) }
        for value in values {
            text += isMarkup ? try Markup.escaped(value, self) : try self.text(of: value)
            try checkSize(text.utf8.count)
            try meter.chargeCopy(bytes: text.utf8.count)
        }
        return isMarkup ? .markup(text) : .string(text)
    }

    func arguments(_ call: CallArguments) throws(TemplateError) -> Arguments {
        var arguments = Arguments()
        for expression in call.positional { arguments.positional.append(try evaluate(expression)) }
        for (name, expression) in call.keywords { arguments.keywords.append((name, try evaluate(expression))) }
        if let spread = call.spreadPositional {
            let value = try evaluate(spread)
            guard let iterator = try iterator(ifIterable: value) else {
                throw .type("argument after * must be an iterable, not \(value.typeName)")
            }
            while let value = try iterator.next() {
                try step()
                arguments.positional.append(value)
            }
        }
        if let spread = call.spreadKeywords { try add(try evaluate(spread), to: &arguments) }
        return arguments
    }

    private func add(_ keywords: Value, to arguments: inout Arguments) throws(TemplateError) {
        guard case .dictionary(let dictionary) = keywords else {
            throw .type("argument after ** must be a mapping, not \(keywords.typeName)")
        }
        for place in 0..<dictionary.count {
            guard let name = dictionary.key(at: place).text else { throw .type("keywords must be strings") }
            guard arguments.keyword(name) == nil else {
                throw .type("got multiple values for keyword argument '\(name)'")
            }
            arguments.keywords.append((name, dictionary.value(at: place)))
        }
    }

    func call(_ callee: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
        switch callee {
        case .object(let object): return try object.call(arguments, self)
        case .undefined(let undefined): throw undefined.error
        default: throw .type("'\(callee.typeName)' object is not callable")
        }
    }

    func apply(_ filter: Filter, to input: Value, _ arguments: Arguments) throws(TemplateError) -> Value {
        if let text = input.text { try meter.chargeWalk(bytes: text.utf8.count) }
        return try filter.function(self, input, arguments)
    }
}
