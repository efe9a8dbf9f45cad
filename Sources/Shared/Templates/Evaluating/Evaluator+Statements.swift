extension Evaluator {
    func execute(_ statements: [Statement]) throws(TemplateError) {
        for statement in statements {
            try step()
            if case .output(let parts) = statement {
                try output(parts)
            } else {
                try nested { () throws(TemplateError) in try execute(statement) }
            }
        }
    }

    func execute(_ body: CompiledBody) throws(TemplateError) {
        enter(body.scope)
        try execute(body.statements)
    }

    private func output(_ parts: [OutputPart]) throws(TemplateError) {
        for part in parts {
            switch part {
            case .text(let text): try put(text)
            case .expression(let expression):
                let value = try evaluate(expression)
                do throws(TemplateError) {
                    try put(value)
                } catch {
                    throw error.located(at: expression.position)
                }
            }
        }
    }

    private func execute(_ statement: Statement) throws(TemplateError) {
        switch statement {
        case .output(let parts): try output(parts)
        case .conditional(let branches, let otherwise):
            for branch in branches {
                let test = try evaluate(branch.test)
                position = branch.test.position
                if try isTrue(test) { return try execute(branch.body) }
            }
            try execute(otherwise)
        case .loop(let loop): try execute(loop)
        case .assign(let target, let expression):
            try checkNamespaces(target)
            do throws(TemplateError) {
                try assign(try evaluate(expression), to: target)
            } catch {
                throw error.located(at: expression.position)
            }
        case .macro(let variable, let macro): set(variable, .object(makeMacro(macro)))
        default: try executeCapturing(statement)
        }
    }

    private func executeCapturing(_ statement: Statement) throws(TemplateError) {
        switch statement {
        case .assignBlock(let target, let filter, let body):
            var value = try capture { () throws(TemplateError) in try execute(body) }
            if let filter { value = try applied(filter, to: value) }
            if escapesOutput, let text = value.text { value = .markup(text) }
            try checkNamespaces(target)
            try assign(value, to: target)
        case .filter(let filter, let body):
            let value = try capture { () throws(TemplateError) in try execute(body) }
            let filtered = try applied(filter, to: value)
            do throws(TemplateError) {
                try putFinal(filtered)
            } catch {
                throw error.located(at: filter.position)
            }
        case .call(let call, let macro): try execute(call, caller: macro)
        case .with(let assignments, let body):
            enter(body.scope)
            for assignment in assignments { try assign(try evaluate(assignment.value), to: assignment.target) }
            try execute(body.statements)
        case .autoescape(let isOn, let body):
            enter(body.scope)
            let saved = escapesOutput
            escapesOutput = try isTrue(try evaluate(isOn))
            defer { escapesOutput = saved }
            try execute(body.statements)
        default: break
        }
    }

    private func applied(_ filter: CompiledExpression, to value: Value) throws(TemplateError) -> Value {
        let saved = captured
        captured = value
        defer { captured = saved }
        return try evaluate(filter)
    }

    private func execute(_ call: CompiledExpression, caller macro: CompiledMacro) throws(TemplateError) {
        guard case .call(let callee, let arguments) = call.kind else { return }
        do throws(TemplateError) {
            let callee = try evaluate(callee)
            var arguments = try self.arguments(arguments)
            guard arguments.keyword("caller") == nil else {
                throw TemplateError.type("got multiple values for keyword argument 'caller'")
            }
            arguments.keywords.append(("caller", .object(makeMacro(macro))))
            try putFinal(try self.call(callee, arguments))
        } catch {
            throw error.located(at: call.position)
        }
    }

    private func makeMacro(_ macro: CompiledMacro) -> MacroObject {
        // The macro keeps the frame, and the frame (or one inside it) the macro.
        track(frame)
        return MacroObject(macro, frame)
    }

    // MARK: Assignment

    private func checkNamespaces(_ target: Target) throws(TemplateError) {
        switch target {
        case .variable: break
        case .tuple(let targets, _): for target in targets { try checkNamespaces(target) }
        case .namespace(let expression, _, let position):
            if case .object(let object) = try evaluate(expression), object is NamespaceObject { return }
            throw TemplateError.runtime("cannot assign attribute on non-namespace object").located(at: position)
        }
    }

    func assign(_ value: Value, to target: Target) throws(TemplateError) {
        switch target {
        case .variable(let variable): set(variable, value)
        case .namespace(let expression, let name, let position):
            guard case .object(let object) = try evaluate(expression), let namespace = object as? NamespaceObject else {
                throw TemplateError.runtime("cannot assign attribute on non-namespace object").located(at: position)
            }
            try namespace.set(name, value)
        case .tuple(let targets, let position):
            do throws(TemplateError) {
                let values = try unpack(value, targets.count)
                for (target, value) in zip(targets, values) { try assign(value, to: target) }
            } catch {
                throw error.located(at: position)
            }
        }
    }

    private func unpack(_ value: Value, _ count: Int) throws(TemplateError) -> [Value] {
        guard let iterator = try iterator(ifIterable: value) else {
            throw .type("cannot unpack non-iterable \(value.typeName) object")
        }
        var values: [Value] = []
        while let element = try iterator.next() {
            guard values.count < count else { throw .value("too many values to unpack (expected \(count))") }
            values.append(element)
        }
        guard values.count == count else {
            throw .value("not enough values to unpack (expected \(count), got \(values.count))")
        }
        return values
    }

    /// What a target holds, for a loop's filter, which hands on what it unpacked.
    private func read(_ target: Target) throws(TemplateError) -> Value {
        switch target {
        case .variable(let variable): return get(variable) ?? .none
        case .namespace(let expression, let name, _): return try attribute(name, of: try evaluate(expression))
        case .tuple(let targets, _):
            var values: [Value] = []
            for target in targets { values.append(try read(target)) }
            return try .makeTuple(values)
        }
    }

    // MARK: Loops

    private func execute(_ loop: CompiledLoop) throws(TemplateError) {
        let iterable = try evaluate(loop.iterable)
        guard let count = loop.recursiveVariableCount else {
            try run(loop, over: iterable, depth: 0)
            return
        }
        try putFinal(try recurse(loop, into: frame, over: iterable, depth: 0, count))
    }

    /// One level of a recursive loop, whose variables are its own.
    func recurse(
        _ loop: CompiledLoop, into outer: VariableFrame, over iterable: Value, depth: Int, _ variableCount: Int
    ) throws(TemplateError) -> Value {
        try nested { () throws(TemplateError) in
            let saved = frame
            frame = VariableFrame(count: variableCount, outer: outer)
            defer { frame = saved }
            return try capture { () throws(TemplateError) in try run(loop, over: iterable, depth: depth) }
        }
    }

    private func run(_ loop: CompiledLoop, over iterable: Value, depth: Int) throws(TemplateError) {
        do throws(TemplateError) {
            var iterator = try iterator(iterable)
            if let filter = loop.filter { iterator = filtered(iterator, filter) }
            var isEmpty = true
            if let variable = loop.loopVariable {
                let object = LoopObject(
                    iterator, length: loop.filter == nil ? try? length(iterable) : nil, depth: depth,
                    recursion: loop.recursiveVariableCount.map { (loop, frame.outer ?? frame, $0) })
                while let element = try object.advance() {
                    isEmpty = false
                    try pass(loop, element) { self.set(variable, .object(object)) }
                }
            } else {
                while let element = try iterator.next() {
                    isEmpty = false
                    try pass(loop, element) {}
                }
            }
            if isEmpty, let otherwise = loop.otherwise { try execute(otherwise) }
        } catch {
            throw error.located(at: loop.iterable.position)
        }
    }

    @inline(__always)
    private func pass(_ loop: CompiledLoop, _ element: Value, _ setLoop: () -> Void) throws(TemplateError) {
        try step()
        try assign(element, to: loop.target)
        setLoop()
        try execute(loop.body)
    }

    private func filtered(
        _ iterator: ValueIterator, _ filter: (target: Target, scope: Scope, test: CompiledExpression)
    ) -> ValueIterator {
        var isEntered = false
        return ComputedIterator { [self] () throws(TemplateError) in
            if !isEntered {
                isEntered = true
                enter(filter.scope)
            }
            while let element = try iterator.next() {
                try step()
                try assign(element, to: filter.target)
                if try isTrue(try evaluate(filter.test)) {
                    return if case .tuple = filter.target { try read(filter.target) } else { element }
                }
            }
            return nil
        }
    }
}
